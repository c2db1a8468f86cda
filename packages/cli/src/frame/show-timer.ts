/** Timers as people read them: one in full, or many as rows. */

import type { Timer } from "../../../sdk/src/types.ts";
import type { Context } from "./context.ts";
import { oneLine } from "./printable.ts";
import { paintStatus } from "./style.ts";
import { targetText } from "./target-text.ts";
import { formatRelative } from "./times.ts";

export function showTimer({ out }: Context, timer: Timer): void {
	const { style } = out;
	out.fields([
		["id", style.bold(timer.id)],
		["name", timer.name],
		["status", paintStatus(style, timer.status)],
		["due", timer.nextFireAt === null ? undefined : out.time(timer.nextFireAt)],
		["fired", firedText(timer, out)],
		["schedule", timer.schedule === null ? undefined : JSON.stringify(timer.schedule)],
		["actions", timer.actions.map(actionText).join("\n  ") || undefined],
		["depends on", timer.dependsOn.map((one) => `${one.timer} (${one.on})`).join(", ")],
		["labels", pairs(timer.labels)],
		["metadata", objectText(timer.metadata)],
		["params", objectText(timer.params)],
		["message", timer.message],
		["priority", timer.priority],
		["dedupe key", timer.dedupeKey],
		[
			"paused",
			timer.pausedAt === null ? undefined : withNote(out.time(timer.pausedAt), timer.pauseNote),
		],
		["cancelled", timer.cancelReason],
		["skipped", timer.skipReason],
		[
			"acknowledged",
			timer.acknowledgedAt === null
				? undefined
				: withNote(out.time(timer.acknowledgedAt), timer.acknowledgeNote),
		],
		["created", out.time(timer.createdAt)],
	]);
}

export const TIMER_HEAD = ["id", "name", "status", "due", "fired"] as const;

export function timerRow({ out }: Context, timer: Timer): readonly string[] {
	const due = timer.nextFireAt ?? timer.lastFiring?.firedAt ?? null;
	return [
		timer.id,
		timer.name ?? "",
		paintStatus(out.style, timer.status),
		due === null ? "" : out.time(due),
		String(timer.firedCount),
	];
}

/** `tmr_… tea, in 30s`, for a line that says what was done to it. */
export function timerText(timer: Timer): string {
	const name = timer.name === null ? "" : ` ${oneLine(timer.name)}`;
	const due = timer.nextFireAt;
	return `${timer.id}${name}${due === null ? "" : `, ${formatRelative(due, Date.now())}`}`;
}

function firedText({ firedCount, lastFiring }: Timer, out: Context["out"]): string | undefined {
	if (lastFiring === null) return undefined;
	const { firedAt, status, latenessMs } = lastFiring;
	const times = firedCount === 1 ? "once" : `${firedCount} times, last`;
	return `${times} ${out.time(firedAt)}, ${latenessMs} ms late, ${paintStatus(out.style, status)}`;
}

function actionText(action: Timer["actions"][number]): string {
	if (action.type === "webhook") return `${action.method ?? "POST"} ${action.url}`;
	return targetText(action);
}

function objectText(value: Readonly<Record<string, unknown>>): string | undefined {
	return Object.keys(value).length === 0 ? undefined : JSON.stringify(value);
}

function pairs(labels: Readonly<Record<string, string>>): string {
	return Object.entries(labels)
		.map(([key, value]) => `${key}=${value}`)
		.join(" ");
}

function withNote(text: string, note: string | null): string {
	return note === null ? text : `${text}: ${note}`;
}
