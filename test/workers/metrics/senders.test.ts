/** What senders count of the outcomes of an envelope. */
import { expect, it } from "vitest";
import type { DeliveryOutcome } from "../../../src/contract/envelope.ts";
import {
	ACCEPTED,
	ATTEMPTS,
	CLAIMED_TO_SENT,
	DUE_TO_ANSWERED,
	POSTPONED,
	SENT_TO_ANSWERED,
	seriesOf,
} from "../../../src/core/metrics-catalog.ts";
import { MetricsFold } from "../../../src/core/metrics-fold.ts";
import { countOutcome } from "../../../src/queue/sender-metrics.ts";

const DUE_AT = 1_000_000;
const ENVELOPE = { claimedAt: DUE_AT + 100, priority: "low" } as const;
const TARGET = { timer: 1, firing: 1, action: 0 };

type Attempted = Extract<DeliveryOutcome, { kind: "attempted" }>;

/** Sent 50 ms after the claim, answered 250 ms later. */
function attempted(attempt: number, end: Partial<Attempted> = {}): DeliveryOutcome {
	return {
		...TARGET,
		attempt,
		kind: "attempted",
		class: "delivered",
		outcome: "delivered",
		sentAt: ENVELOPE.claimedAt + 50,
		durationMs: 250,
		status: 200,
		error: null,
		excerpt: null,
		retryAfterMs: null,
		...end,
	};
}

function counted(outcome: DeliveryOutcome) {
	const fold = new MetricsFold();
	countOutcome(fold, ENVELOPE, DUE_AT, outcome);
	const { counters, histograms } = fold.read();
	const sums = Object.entries(histograms).map(([series, { sum }]) => [series, sum] as const);
	return { counters, seconds: Object.fromEntries(sums) };
}

const [sent, answered, late] = [CLAIMED_TO_SENT, SENT_TO_ANSWERED, DUE_TO_ANSWERED].map((family) =>
	seriesOf(family, "low"),
) as [string, string, string]; // As many as went in.

it.each([
	["that was delivered", attempted(1), { [sent]: 0.05, [answered]: 0.25, [late]: 0.4 }],
	["that was a retry", attempted(2), { [sent]: 0.05, [answered]: 0.25 }],
	["that timed out", attempted(1, { outcome: "timeout", status: null }), { [sent]: 0.05 }],
	["that was refused", attempted(1, { outcome: "destination_refused", status: null }), {}],
])("[METRIC-20] an attempt %s", (_, outcome, seconds) => {
	const name = outcome.kind === "attempted" ? outcome.outcome : "";
	expect(counted(outcome)).toEqual({ counters: { [seriesOf(ATTEMPTS, name, "low")]: 1 }, seconds });
});

it("[METRIC-20] a message that its mailbox has taken is no attempt", () => {
	expect(counted({ ...TARGET, attempt: 1, kind: "accepted", expiresAt: 0 })).toEqual({
		counters: { [seriesOf(ACCEPTED, "low")]: 1 },
		seconds: {},
	});
});

it.each([
	["not_started", { kind: "not_started" }],
	["circuit_open", { kind: "postponed", reason: "circuit_open", until: 0, host: "a.example" }],
] as const)("[METRIC-20] a delivery that is put back is no attempt: %s", (reason, end) => {
	expect(counted({ ...TARGET, attempt: 1, ...end })).toEqual({
		counters: { [seriesOf(POSTPONED, reason, "low")]: 1 },
		seconds: {},
	});
});
