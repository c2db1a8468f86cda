/**
 * Reads the dedupe key of a new timer, how long the key is to be held, and what becomes of a create
 * that finds it taken. The key decides which shard the timer goes to, so the edge asks for it before
 * it reads the rest.
 */
import { LIMITS } from "../contract/limits.ts";
import type { TimerCreate } from "../contract/timer.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import type { DedupeDoc, TimerDoc } from "./timer-doc.ts";
import type { Flaws } from "./timer-rules.ts";

type DedupeInput = Pick<TimerCreate, "dedupe" | "dedupeKey">;

/** The key wherever it is written; null where there is none. */
export function dedupeKeyOf({ dedupe, dedupeKey }: DedupeInput): string | null {
	return dedupeKey ?? dedupe?.key ?? null;
}

export function readDedupe(
	input: DedupeInput,
	flaws: Flaws,
): Pick<TimerDoc, "dedupe" | "dedupeKey"> {
	const { dedupe } = input;
	const dedupeKey = dedupeKeyOf(input);
	if (dedupe === undefined) return dedupeKey === null ? {} : { dedupeKey };
	if (dedupeKey === null) {
		flaws.invalid("dedupe.key", "is missing: a key says what is to be one timer");
		return {};
	}
	if (dedupe.key !== undefined && dedupe.key !== dedupeKey) {
		flaws.invalid("dedupe.key", "contradicts dedupeKey, which is given as well");
	}
	const windowMs = readWindow(dedupe, flaws);
	const { mode } = dedupe;
	const doc: DedupeDoc = {
		...(windowMs !== undefined && { windowMs }),
		...(mode !== undefined && mode !== "keep" && { mode }),
	};
	return { dedupeKey, dedupe: doc };
}

function readWindow(
	{ window, windowMs }: NonNullable<DedupeInput["dedupe"]>,
	flaws: Flaws,
): number | undefined {
	const [path, given] =
		window === undefined ? ["dedupe.windowMs", windowMs] : ["dedupe.window", window];
	if (given === undefined) return undefined;
	if (window !== undefined && windowMs !== undefined) {
		flaws.invalid("dedupe.windowMs", "window and windowMs are given, where one may say how long");
	}
	const duration = parseDuration(given);
	if (!duration.ok) {
		flaws.invalid(path, duration.error.message);
		return undefined;
	}
	if (duration.value > LIMITS.dedupeWindowMsMax) {
		const most = formatDuration(LIMITS.dedupeWindowMsMax);
		flaws.invalid(path, `expected at most ${most}, got ${formatDuration(duration.value)}`);
	}
	return duration.value;
}
