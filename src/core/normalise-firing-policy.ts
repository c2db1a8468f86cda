/**
 * Reads how a timer's firings meet lateness, overlap and crowds, for the document. Called by the
 * normalisation of new timers and of changes.
 */
import type { MisfireInput } from "../contract/firing-policy.ts";
import type { JitterPolicy } from "../contract/jitter-policy.ts";
import { LIMITS } from "../contract/limits.ts";
import type { TimerPatch } from "../contract/timer.ts";
import { NO_COMPENSATION } from "./drift/compensation.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import type { MisfireDoc } from "./firing/policy.ts";
import type { TimerDoc } from "./timer-doc.ts";
import type { Flaws } from "./timer-rules.ts";

type PolicyInput = Pick<TimerPatch, "misfire" | "overlap" | "jitter" | "spread" | "jitterPolicy">;
type PolicyDoc = Pick<TimerDoc, "misfire" | "overlap" | "jitterMs" | "spreadMs" | "jitterPolicy">;

/** The members that `input` gives; none for what it does not name. */
export function readFiringPolicy(input: PolicyInput, flaws: Flaws): PolicyDoc {
	const { misfire, overlap, jitter, spread, jitterPolicy } = input;
	const jitterMs = readSpan("jitter", jitter, LIMITS.windowMsMax, flaws);
	const spreadMs = readSpan("spread", spread, LIMITS.windowMsMax, flaws);
	return {
		...(misfire !== undefined && { misfire: readMisfire(misfire, flaws) }),
		...(overlap !== undefined && { overlap }),
		...(jitterMs !== undefined && { jitterMs }),
		...(spreadMs !== undefined && { spreadMs }),
		...(jitterPolicy !== undefined && { jitterPolicy: withDefaults(jitterPolicy) }),
	};
}

function withDefaults(input: NonNullable<PolicyInput["jitterPolicy"]>): JitterPolicy {
	const { maxCompensationMs, smoothingFactor } = NO_COMPENSATION;
	return {
		maxCompensationMs: input.maxCompensationMs ?? maxCompensationMs,
		smoothingFactor: input.smoothingFactor ?? smoothingFactor,
	};
}

function readMisfire(input: MisfireInput, flaws: Flaws): MisfireDoc {
	if (typeof input === "string") return { policy: input };
	const { policy, grace, max, pace } = input;
	const graceMs = readSpan("misfire.grace", grace, LIMITS.graceMsMax, flaws);
	const paceMs = readSpan("misfire.pace", pace, LIMITS.paceMsMax, flaws);
	return {
		...(policy !== undefined && { policy }),
		...(graceMs !== undefined && { graceMs }),
		...(max !== undefined && { max }),
		...(paceMs !== undefined && { paceMs }),
	};
}

/** Milliseconds; 0 takes an earlier value back. Undefined where there is none, or it is refused. */
function readSpan(
	path: string,
	input: number | string | undefined,
	maxMs: number,
	flaws: Flaws,
): number | undefined {
	if (input === undefined || input === 0) return input;
	const span = parseDuration(input);
	if (!span.ok) {
		flaws.invalid(path, span.error.message);
		return undefined;
	}
	if (span.value <= maxMs) return span.value;
	flaws.invalid(path, `expected at most ${formatDuration(maxMs)}, got ${input}`);
	return undefined;
}
