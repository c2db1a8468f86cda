/** Carries out what somebody asked for in Slack. What it may touch is decided in `own-timers.ts`. */
import { slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import type { IdempotencyClaim } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { SlackAsker, SlackCommand } from "../../core/slack/command.ts";
import { renderFailure, renderHelp, renderStale } from "../../core/slack/render-answer.ts";
import { renderQuiet, renderZone } from "../../core/slack/render-settings.ts";
import {
	renderCancelled,
	renderDone,
	renderList,
	renderSnoozed,
} from "../../core/slack/render-timer.ts";
import { type SlackAnswer, toAsker } from "./answer.ts";
import { answerOnce } from "./answer-once.ts";
import { cancelOne, dueAtOf, finishOne, snoozeOne } from "./change-timer.ts";
import { LIST_MAX } from "./constants.ts";
import { createAgain } from "./create-again.ts";
import { createFromSlack } from "./create-from-slack.ts";
import { failureText } from "./failure-text.ts";
import { type FoundZone, findZone } from "./find-zone.ts";
import {
	findFiredTimer,
	findOwnTimer,
	findTimerToSnooze,
	listOwnTimers,
	messageOf,
	OPEN,
} from "./own-timers.ts";
import type { Scene } from "./scene.ts";

export type Asked = {
	readonly scene: Scene;
	readonly zone: FoundZone;
	readonly asker: SlackAsker;
	readonly claim: IdempotencyClaim;
};

export async function runCommand(command: SlackCommand, asked: Asked): Promise<SlackAnswer> {
	const { scene, zone, asker, claim } = asked;
	switch (command.kind) {
		case "help":
			return toAsker(renderHelp(asker));
		case "create":
			return createFromSlack(command, asked);
		case "list": {
			const { page } = command;
			const found = await listOwnTimers(scene, page, LIST_MAX);
			if (!found.ok) return toAsker(renderFailure("list timers", failureText(found.error)));
			return toAsker(renderList({ ...found.value, ...zone, page }, asker));
		}
		case "cancel":
			return answerOnce(scene, claim, () => cancelNamed(command.target, asked));
		case "snooze":
			return answerOnce(scene, claim, () => snoozeNamed(command.target, command.byMs, asked));
		case "done":
			return answerOnce(scene, claim, () => finishNamed(command.target, asked));
		case "quiet":
			await slackWorkspaceOf(scene.context.env, scene.team).putPerson(scene.user, {
				quiet: command.hours,
			});
			return toAsker(renderQuiet({ hours: command.hours, zone: zone.zone }));
		case "quiet_show":
			return toAsker(renderQuiet({ hours: scene.person.quiet, zone: zone.zone }));
		case "zone":
			return toAsker(renderZone(await putZone(command.zone, scene)));
	}
}

async function putZone(ownZone: string | null, scene: Scene): Promise<FoundZone> {
	await slackWorkspaceOf(scene.context.env, scene.team).putPerson(scene.user, { ownZone });
	return findZone({ ...scene, person: { ...scene.person, ownZone } });
}

async function cancelNamed(target: string, { scene, zone }: Asked) {
	const found = await findOwnTimer(scene, target);
	if (!found.ok) return renderStale(found.error);
	const cancelled = await cancelOne(scene, found.value.id);
	if (!cancelled.ok) return renderFailure("cancel the timer", failureText(cancelled.error));
	return renderCancelled({ ...cancelled.value, by: null, zone: zone.zone });
}

async function finishNamed(target: string, { scene }: Asked) {
	const found = await findFiredTimer(scene, target);
	if (!found.ok) return renderStale(found.error);
	const done = await finishOne(scene, found.value.id, null);
	if (!done.ok) return renderFailure("finish the timer", failureText(done.error));
	return renderDone({ text: messageOf(scene, found.value), by: scene.user });
}

async function snoozeNamed(target: string, byMs: number, { scene, zone, claim }: Asked) {
	const found = await findTimerToSnooze(scene, target);
	if (!found.ok) return renderStale(found.error);
	const timer = found.value;
	const again = { ...claim, key: `${claim.key} again` };
	const snoozed = OPEN.includes(timer.status)
		? await snoozeOne(scene, timer.id, { byMs })
		: await createAgain(scene, timer, byMs, again);
	if (!snoozed.ok) return renderFailure("snooze the timer", failureText(snoozed.error));
	const dueAt = dueAtOf(snoozed.value) ?? scene.context.tenantNow;
	const name = messageOf(scene, timer) || null;
	return renderSnoozed({ name, timerId: snoozed.value.id, dueAt, by: null, zone: zone.zone });
}
