/**
 * Which timers somebody in Slack may see and change by a command: those that they have asked for
 * themselves, and those that were asked for in the channel where they are. Never those that programs
 * of the tenant have made, nor those of another workspace.
 */
import { LIMITS } from "../../contract/limits.ts";
import type { TimerStatus, TimerView } from "../../contract/timer.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { fromPlainTemplate } from "../../core/slack/plain-text.ts";
import type { HttpFailure } from "../failure.ts";
import { getTimer } from "../timers/control-timer.ts";
import { listTimers } from "../timers/list-timers.ts";
import { timerIn } from "./change-timer.ts";
import { failureText } from "./failure-text.ts";
import type { Scene } from "./scene.ts";

export const TEAM_LABEL = "slack.team";
export const CHANNEL_LABEL = "slack.channel";
export const USER_LABEL = "slack.user";

/** Of timers that have not ended. */
export const OPEN: readonly TimerStatus[] = ["scheduled", "armed", "firing", "paused", "pending"];
const FIRED: readonly TimerStatus[] = ["settled", "failed"];
/**
 * Pages that are read for a list. Most are empty where programs of the tenant have many timers: each
 * shard looks at 10,000 for a page. What takes longer than Slack waits is posted when it is there.
 */
const PAGES_MAX = 50;
/** Timers that are looked at for one that somebody means: of a busy channel, a month of them. */
const LOOKED_AT_MAX = 5_000;
/** Ids to choose one of. */
const IDS_SHOWN = 10;

type Query = {
	readonly name?: string;
	readonly label: string[];
	readonly statuses?: readonly TimerStatus[];
};

export type OwnTimers = { readonly timers: readonly TimerView[]; readonly more: boolean };

/** The asker's timers that have not ended, the next one first. */
export async function listOwnTimers(
	scene: Scene,
	page: number,
	size: number,
): Promise<Result<OwnTimers, HttpFailure>> {
	const query = { label: [label(TEAM_LABEL, scene.team), label(USER_LABEL, scene.user)] };
	const found = await collect(scene, query, page * size);
	if (!found.ok) return found;
	return ok({ ...found.value, timers: found.value.timers.slice((page - 1) * size) });
}

/** What a timer's message in this workspace says, as its author has typed it. */
export function messageOf({ team }: Pick<Scene, "team">, { actions, name }: TimerView): string {
	const action = actions.find((one) => one.type === "slack_message" && one.team === team);
	return action?.type === "slack_message" ? fromPlainTemplate(action.text) : (name ?? "");
}

/** The one timer that `target`, an id or a name, means by its name or its message; or why not. */
export async function findOwnTimer(
	scene: Scene,
	target: string,
): Promise<Result<TimerView, string>> {
	if (target.startsWith("tmr_")) {
		const found = await getTimer(scene.context, target);
		const timer = found.ok ? timerIn(found.value) : undefined;
		return timer !== undefined && isOwn(scene, timer) ? ok(timer) : err(unknownText(target));
	}
	const called = await findCalled(scene, target, OPEN);
	if (!called.ok) return err(failureText(called.error));
	const own = called.value;
	const [first, second] = own;
	if (first === undefined) return err(unknownText(target));
	if (second === undefined) return ok(first);
	const ids = own.slice(0, IDS_SHOWN).map(({ id }) => id);
	const rest = own.length > ids.length ? ", …" : "";
	const which = `name one by its id: ${ids.join(", ")}${rest}`;
	return err(`${own.length} timers are called “${target}”; ${which}`);
}

/**
 * Those of that name, or else those whose message says just that: few people name a timer.
 * @param isMeant of the asker's own
 */
async function findCalled(
	scene: Scene,
	target: string,
	statuses: readonly TimerStatus[],
	isMeant: (timer: TimerView) => boolean = () => true,
): Promise<Result<readonly TimerView[], HttpFailure>> {
	const { team, user, channel } = scene;
	const ofTeam = label(TEAM_LABEL, team);
	const named = await collect(scene, { name: target, label: [ofTeam], statuses }, LOOKED_AT_MAX);
	if (!named.ok) return named;
	const own = named.value.timers.filter((timer) => isOwn(scene, timer) && isMeant(timer));
	if (own.length > 0) return ok(own);
	const places = [
		label(USER_LABEL, user),
		...(channel === null ? [] : [label(CHANNEL_LABEL, channel)]),
	];
	const wanted = target.toLowerCase();
	const found = new Map<string, TimerView>();
	for (const place of places) {
		const near = await collect(scene, { label: [ofTeam, place], statuses }, LOOKED_AT_MAX);
		if (!near.ok) return near;
		for (const timer of near.value.timers) {
			const says = messageOf(scene, timer).toLowerCase();
			if (says === wanted && isMeant(timer)) found.set(timer.id, timer);
		}
	}
	return ok([...found.values()]);
}

/** The one that has fired last of those that `target` means: what somebody is done with. */
export async function findFiredTimer(
	scene: Scene,
	target: string,
): Promise<Result<TimerView, string>> {
	if (!target.startsWith("tmr_")) {
		const fired = await findCalled(scene, target, [...OPEN, ...FIRED], hasFired);
		if (!fired.ok) return err(failureText(fired.error));
		const last = lastFired(fired.value);
		if (last !== undefined) return ok(last);
	}
	const found = await findOwnTimer(scene, target);
	if (!found.ok || hasFired(found.value)) return found;
	return err(`“${target}” has not fired yet. \`cancel ${target}\` ends it before it does.`);
}

/** The one that waits, or else the one that has fired last: what somebody puts off. */
export async function findTimerToSnooze(
	scene: Scene,
	target: string,
): Promise<Result<TimerView, string>> {
	if (!target.startsWith("tmr_")) {
		const open = await findCalled(scene, target, OPEN);
		if (open.ok && open.value.length === 0) {
			const fired = await findCalled(scene, target, FIRED, hasFired);
			const last = fired.ok ? lastFired(fired.value) : undefined;
			if (last !== undefined) return ok(last);
		}
	}
	return findOwnTimer(scene, target);
}

function lastFired(timers: readonly TimerView[]): TimerView | undefined {
	return timers.toSorted((a, b) => (firedAtOf(a) < firedAtOf(b) ? 1 : -1))[0];
}

function hasFired({ firedCount, status }: TimerView): boolean {
	return firedCount > 0 || status === "firing";
}

function firedAtOf({ lastFiring, createdAt }: TimerView): string {
	return lastFiring?.firedAt ?? createdAt;
}

function isOwn({ team, user, channel }: Scene, { labels }: TimerView): boolean {
	if (labels[TEAM_LABEL] !== team) return false;
	return labels[USER_LABEL] === user || (channel !== null && labels[CHANNEL_LABEL] === channel);
}

async function collect(
	{ context }: Scene,
	{ statuses = OPEN, ...query }: Query,
	max: number,
): Promise<Result<OwnTimers, HttpFailure>> {
	const timers: TimerView[] = [];
	let cursor: string | null = null;
	for (let page = 0; page < PAGES_MAX && timers.length <= max; page++) {
		const limit = Math.min(max + 1, LIMITS.pageMax);
		const asked = { ...query, status: [...statuses], order: "due" as const, limit };
		const found = await listTimers(context, cursor === null ? asked : { ...asked, cursor });
		if (!found.ok) return found;
		timers.push(...found.value.items);
		cursor = found.value.nextCursor;
		if (cursor === null) break;
	}
	return ok({ timers: timers.slice(0, max), more: timers.length > max || cursor !== null });
}

function label(name: string, value: string): string {
	return `${name}:${value}`;
}

function unknownText(target: string): string {
	return `You have no timer “${target}” that has not ended. \`list\` shows those you have.`;
}
