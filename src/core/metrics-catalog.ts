/**
 * Every figure of `/metrics`, declared once: name, help, labels with all their values, buckets. The
 * labels are closed sets and none of them is a tenant, so there are as many series as this file says
 * and no more, however many tenants there are. Data, and the names of series; no counting.
 */
import { ATTEMPT_OUTCOMES } from "../contract/delivery.ts";
import { PRIORITY_CLASSES } from "../contract/envelope.ts";

type Label = { readonly name: string; readonly values: readonly string[] };
type Head = {
	readonly name: string;
	readonly help: string;
	readonly labels: readonly Label[];
};

export type Counter = Head & { readonly type: "counter" };
export type Histogram = Head & {
	readonly type: "histogram";
	/** Upper bounds in seconds, ascending, without +Inf. */
	readonly buckets: readonly number[];
};
/**
 * What each source states anew with every push. `sum` adds the sources' values up. `since` has
 * instants (epoch ms) for values, and shows how many seconds ago the earliest of them was.
 */
export type Gauge = Head & { readonly type: "gauge"; readonly combine: "sum" | "since" };
export type Family = Counter | Histogram | Gauge;

/** Timers and deliveries are told apart by how urgent they are: the three lanes of a shard. */
const CLASS: Label = { name: "class", values: PRIORITY_CLASSES };

/** A timer fired within a millisecond is on time; one that is late by an hour waited for a restart. */
const SECONDS = [
	0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600,
] as const;

function lateness(name: string, help: string): Histogram {
	return { type: "histogram", name, help, labels: [CLASS], buckets: SECONDS };
}

export const DUE_TO_CLAIMED = lateness(
	"minoots_due_to_claimed_seconds",
	"Time from a timer's due instant until its shard claimed it, first attempts only.",
);
export const CLAIMED_TO_SENT = lateness(
	"minoots_claimed_to_sent_seconds",
	"Time from the claim of a delivery until its request left.",
);
export const SENT_TO_ANSWERED = lateness(
	"minoots_sent_to_answered_seconds",
	"Time from a request until its receiver's answer was read.",
);
export const DUE_TO_ANSWERED = lateness(
	"minoots_due_to_answered_seconds",
	"Time from a timer's due instant until its receiver's answer was read, first attempts only.",
);

export const TIMERS_CREATED: Counter = {
	type: "counter",
	name: "minoots_timers_created_total",
	help: "Timers created.",
	labels: [CLASS],
};
export const TIMERS_ENDED: Counter = {
	type: "counter",
	name: "minoots_timers_ended_total",
	help: "Timers that ended, by how.",
	labels: [{ name: "state", values: ["settled", "failed", "cancelled", "skipped", "deleted"] }],
};
export const DELIVERIES: Counter = {
	type: "counter",
	name: "minoots_deliveries_total",
	help: "Deliveries that ended, by how.",
	labels: [{ name: "outcome", values: ["delivered", "dead", "cancelled"] }, CLASS],
};
export const ATTEMPTS: Counter = {
	type: "counter",
	name: "minoots_attempts_total",
	help: "Attempts to deliver, by how they ended.",
	labels: [{ name: "outcome", values: ATTEMPT_OUTCOMES }, CLASS],
};
export const ACCEPTED: Counter = {
	type: "counter",
	name: "minoots_messages_accepted_total",
	help: "Deliveries to agents that their mailboxes have taken.",
	labels: [CLASS],
};
export const POSTPONED: Counter = {
	type: "counter",
	name: "minoots_postponed_total",
	help: "Deliveries put back without an attempt, by why.",
	labels: [
		{ name: "reason", values: ["not_started", "circuit_open", "quiet_hours", "rate_limited"] },
		CLASS,
	],
};
export const ENVELOPES: Counter = {
	type: "counter",
	name: "minoots_envelopes_total",
	help: "Envelopes of deliveries handed to senders, by road.",
	labels: [{ name: "road", values: ["direct", "queue"] }, CLASS],
};

export const ACTIVE_TIMERS: Gauge = {
	type: "gauge",
	combine: "sum",
	name: "minoots_active_timers",
	help: "Timers that have not ended.",
	labels: [],
};
export const OVERDUE_TIMERS: Gauge = {
	type: "gauge",
	combine: "sum",
	name: "minoots_overdue_timers",
	help: "Due timers that wait to be claimed; each shard and class counts 10,000 at most.",
	labels: [CLASS],
};
export const IN_FLIGHT: Gauge = {
	type: "gauge",
	combine: "sum",
	name: "minoots_in_flight_deliveries",
	help: "Deliveries that senders have and have not answered for.",
	labels: [],
};
export const OLDEST_OVERDUE: Gauge = {
	type: "gauge",
	combine: "since",
	name: "minoots_oldest_overdue_seconds",
	help: "How long the longest overdue timer has waited to be claimed.",
	labels: [],
};
export const MAILBOX_MESSAGES: Gauge = {
	type: "gauge",
	combine: "sum",
	name: "minoots_mailbox_messages",
	help: "Messages in mailboxes that wait to be pulled.",
	labels: [],
};
export const OLDEST_MESSAGE: Gauge = {
	type: "gauge",
	combine: "since",
	name: "minoots_mailbox_oldest_seconds",
	help: "How long the message that has waited longest in a mailbox has waited to be pulled.",
	labels: [],
};

export const COUNTERS: readonly Counter[] = [
	TIMERS_CREATED,
	TIMERS_ENDED,
	DELIVERIES,
	ATTEMPTS,
	ACCEPTED,
	POSTPONED,
	ENVELOPES,
];
export const HISTOGRAMS: readonly Histogram[] = [
	DUE_TO_CLAIMED,
	CLAIMED_TO_SENT,
	SENT_TO_ANSWERED,
	DUE_TO_ANSWERED,
];
export const GAUGES: readonly Gauge[] = [
	ACTIVE_TIMERS,
	OVERDUE_TIMERS,
	IN_FLIGHT,
	OLDEST_OVERDUE,
	MAILBOX_MESSAGES,
	OLDEST_MESSAGE,
];

/** The series of a family with these label values, in the order in which it declares its labels. */
export function seriesOf(family: Family, ...values: readonly string[]): string {
	return family.name + formatLabels(family, values);
}

/** `{class="high"}`; nothing without labels. No value of the catalogue needs escaping. */
export function formatLabels({ labels }: Family, values: readonly string[], more = ""): string {
	const pairs = labels.map(({ name }, index) => `${name}="${values[index] ?? ""}"`);
	if (more !== "") pairs.push(more);
	return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** All combinations of a family's label values: one empty one where it has no labels. */
export function labelValuesOf({ labels }: Family): readonly (readonly string[])[] {
	return labels.reduce<readonly (readonly string[])[]>(
		(heads, { values }) => heads.flatMap((head) => values.map((value) => [...head, value])),
		[[]],
	);
}
