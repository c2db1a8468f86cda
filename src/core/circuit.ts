/**
 * The circuit of one destination host, as arithmetic: whether a delivery may go there now, and what
 * an outcome changes. It keeps nothing, knows no clock and sends nothing. Called by the object of a
 * host (durable-objects/endpoint-health).
 *
 * | state     | asked                                  | told of                                |
 * |-----------|----------------------------------------|----------------------------------------|
 * | closed    | go                                     | failures in a row, for long: open      |
 * | open      | not before `until`; then half open, as | nothing: what had left before it       |
 * |           | the probe                              | opened says nothing new                |
 * | half open | not now; the probe overdue: as a probe | the probe: closed, or open for longer  |
 */
import { liesAhead } from "./lies-ahead.ts";
import { MINUTE, SECOND } from "./units.ts";

export type Circuit =
	/** `since`: epoch ms of the first of `failures`, which no success has followed. */
	| { readonly kind: "closed"; readonly failures: number; readonly since: number }
	/** `openings`: how often it has opened since it was last closed. */
	| { readonly kind: "open"; readonly openings: number; readonly until: number }
	/** A probe is under way; at `until` it is given up. */
	| { readonly kind: "half_open"; readonly openings: number; readonly until: number };

/** Whether a delivery may go: yes; yes, and all others wait for its end; not before an instant. */
export type Verdict =
	| { readonly kind: "closed"; readonly isAiling: boolean }
	| { readonly kind: "probe" }
	| { readonly kind: "open"; readonly until: number };

/** What has become of deliveries to the host since the last report. */
export type HealthReport = {
	/** Whether a success came before the failures counted here. */
	readonly hasRecovered: boolean;
	/** Failures that no success has followed. */
	readonly failures: number;
	/** How the probe ended; `unused` when it could not be sent after all. */
	readonly probe: "passed" | "failed" | "unused" | null;
};

/** One receiver's bad moment is shorter, and no healthy one fails so often in a row. */
export const FAILURES_TO_OPEN = 10;
/** Milliseconds that the failures last at least: a restart is no illness, a burst no proof. */
export const FAILING_MS = 5 * SECOND;
/** Milliseconds for which a circuit opens first; each further opening doubles it. */
export const OPEN_MS = 5 * SECOND;
/** The longest that a receiver which is well again waits for its next probe. */
export const OPEN_MS_MAX = 5 * MINUTE;
/** Milliseconds after which those who found a probe under way ask again. */
export const PROBE_PAUSE_MS = 2 * SECOND;
/** Added to a probe's own time-out, for its way there and back, before another may go. */
export const PROBE_MARGIN_MS = 5 * SECOND;

export const CLOSED: Circuit = { kind: "closed", failures: 0, since: 0 };

/** Milliseconds that a circuit stays open at its `openings`th opening in a row, from 1. */
export function openMs(openings: number): number {
	return Math.min(OPEN_MS * 2 ** (openings - 1), OPEN_MS_MAX);
}

/** @param timeoutMs how long the delivery may take that asks */
export function admit(
	circuit: Circuit,
	now: number,
	timeoutMs: number,
): { readonly circuit: Circuit; readonly verdict: Verdict } {
	if (circuit.kind === "closed" || liesAhead(circuit.until, OPEN_MS_MAX, now)) {
		return { circuit, verdict: verdictOf(circuit, now) };
	}
	const until = now + timeoutMs + PROBE_MARGIN_MS;
	const { openings } = circuit;
	return { circuit: { kind: "half_open", openings, until }, verdict: { kind: "probe" } };
}

/** What `admit` would say, without letting a probe go. */
export function verdictOf(circuit: Circuit, now: number): Exclude<Verdict, { kind: "probe" }> {
	switch (circuit.kind) {
		case "closed":
			return { kind: "closed", isAiling: circuit.failures > 0 };
		case "open":
			return { kind: "open", until: circuit.until };
		case "half_open":
			return { kind: "open", until: Math.min(now + PROBE_PAUSE_MS, circuit.until) };
	}
}

/** The circuit after a report. */
export function note(circuit: Circuit, report: HealthReport, now: number): Circuit {
	if (report.probe === "passed") return CLOSED;
	if (circuit.kind === "closed") return noteClosed(circuit, report, now);
	if (circuit.kind === "open") return circuit;
	const { openings } = circuit;
	if (report.probe === "unused") return { kind: "open", openings, until: now };
	return report.probe === "failed" ? open(openings + 1, now) : circuit;
}

function noteClosed(
	circuit: Extract<Circuit, { kind: "closed" }>,
	{ hasRecovered, failures: more, probe }: HealthReport,
	now: number,
): Circuit {
	const added = more + (probe === "failed" ? 1 : 0);
	if (!hasRecovered && added === 0) return circuit;
	const before = hasRecovered ? 0 : circuit.failures;
	const failures = before + added;
	const since = before === 0 ? now : circuit.since;
	if (failures >= FAILURES_TO_OPEN && now - since >= FAILING_MS) return open(1, now);
	return failures === 0 ? CLOSED : { kind: "closed", failures, since };
}

function open(openings: number, now: number): Circuit {
	return { kind: "open", openings, until: now + openMs(openings) };
}
