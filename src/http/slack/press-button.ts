/**
 * What a pressed button does. Pressed twice it does it once: a cancel and an acknowledgement are
 * idempotent, a snooze names the instant or is made under a key of the firing it is of.
 */
import { createHash } from "node:crypto";
import type { TimerView } from "../../contract/timer.ts";
import type { ButtonPress } from "../../core/slack/button.ts";
import type { SlackMessage } from "../../core/slack/message.ts";
import { renderStale } from "../../core/slack/render-answer.ts";
import { renderCancelled, renderDone, renderSnoozed } from "../../core/slack/render-timer.ts";
import { getTimer } from "../timers/control-timer.ts";
import { cancelOne, dueAtOf, finishOne, snoozeOne, timerIn } from "./change-timer.ts";
import { createAgain } from "./create-again.ts";
import { failureText } from "./failure-text.ts";
import { findZone } from "./find-zone.ts";
import { messageOf, OPEN, TEAM_LABEL } from "./own-timers.ts";
import type { Scene } from "./scene.ts";

export type Pressed = {
	/** Whether it stands instead of the message with the button; else only who pressed sees it. */
	readonly replaces: boolean;
	readonly message: SlackMessage;
};

type Snooze = Extract<ButtonPress, { kind: "snooze" }>;

export async function pressButton(scene: Scene, press: ButtonPress): Promise<Pressed> {
	const found = await getTimer(scene.context, press.target.timerId);
	const timer = found.ok ? timerIn(found.value) : undefined;
	if (timer === undefined || !isOfWorkspace(scene, timer)) {
		return stale("This timer does not exist any more.");
	}
	switch (press.kind) {
		case "cancel":
			return cancel(scene, timer);
		case "done":
			return finish(scene, timer, press);
		case "snooze":
			return press.target.firing === null
				? putOff(scene, timer, press)
				: remindAgain(scene, timer, press, press.target.firing);
	}
}

/** Asked for in this workspace, or made by a program of the tenant to speak to it. */
function isOfWorkspace({ team }: Scene, { labels, actions }: TimerView): boolean {
	if (labels[TEAM_LABEL] === team) return true;
	return actions.some((action) => action.type === "slack_message" && action.team === team);
}

async function cancel(scene: Scene, { id }: TimerView): Promise<Pressed> {
	const cancelled = await cancelOne(scene, id);
	if (!cancelled.ok) return stale(failureText(cancelled.error));
	const { zone } = await findZone(scene);
	const message = renderCancelled({ ...cancelled.value, by: scene.user, zone });
	return { replaces: cancelled.value.outcome !== "already_fired", message };
}

async function finish(scene: Scene, timer: TimerView, { target }: ButtonPress): Promise<Pressed> {
	const done = await finishOne(scene, timer.id, target.firing);
	if (!done.ok) return stale(failureText(done.error));
	if (done.value === null) return stale("This timer has not fired yet.");
	const text = messageOf(scene, timer);
	return { replaces: true, message: renderDone({ text, by: scene.user }) };
}

/** Of a timer that has not fired: it is due later than the button says, however often it is pressed. */
async function putOff(scene: Scene, timer: TimerView, press: Snooze): Promise<Pressed> {
	if (!OPEN.includes(timer.status)) return stale(`This timer is ${timer.status} already.`);
	const untilMs = press.target.dueAt + press.byMs;
	const dueAt = dueAtOf(timer);
	if (dueAt !== null && dueAt !== press.target.dueAt && dueAt !== untilMs) {
		return stale("This timer has been moved since; `list` shows when it is due.");
	}
	if (dueAt !== untilMs) {
		const snoozed = await snoozeOne(scene, timer.id, { untilMs });
		if (!snoozed.ok) return stale(failureText(snoozed.error));
	}
	const { zone } = await findZone(scene);
	const name = messageOf(scene, timer) || null;
	const said = { name, timerId: timer.id, by: scene.user, zone };
	const message = renderSnoozed({ ...said, dueAt: untilMs });
	return { replaces: true, message };
}

/** Of one that has fired: the same message once more, by a timer of its own. */
async function remindAgain(
	scene: Scene,
	timer: TimerView,
	{ byMs }: Snooze,
	firing: number,
): Promise<Pressed> {
	const claim = {
		key: `POST /slack/interactivity ${timer.id}:${firing}`,
		bodyHash: createHash("sha256").update(String(byMs)).digest("hex"),
	};
	const created = await createAgain(scene, timer, byMs, claim);
	if (!created.ok) {
		const isTaken = created.error.code === "idempotency_key_reused";
		return stale(isTaken ? "This was snoozed already." : failureText(created.error));
	}
	const { id: timerId, at } = created.value;
	const name = messageOf(scene, timer) || null;
	const dueAt = at === null ? scene.context.tenantNow + byMs : Date.parse(at);
	const { zone } = await findZone(scene);
	const message = renderSnoozed({ name, timerId, dueAt, by: scene.user, zone });
	return { replaces: true, message };
}

function stale(reason: string): Pressed {
	return { replaces: false, message: renderStale(reason) };
}
