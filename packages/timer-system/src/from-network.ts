/** A timer of the network as the founding module's users know it, and the statuses in between. */
import { fromLiteral } from "./literal.ts";
import type { Timer, TimerStatus } from "./types.ts";

/** The part of the network's timer that is read here. */
export type View = {
	readonly id: string;
	readonly name: string | null;
	readonly status: string;
	readonly createdAt: string;
	readonly at: string | null;
	readonly timeRemainingMs: number;
	readonly progress: number;
	readonly message: string | null;
	readonly actions: readonly Readonly<Record<string, unknown>>[];
	readonly labels: Readonly<Record<string, string>>;
	readonly metadata: Readonly<Record<string, unknown>>;
	readonly lastFiring: { readonly firedAt: string } | null;
};

/** What the network has no field for: `create` and imports keep it in the metadata. */
type Kept = Readonly<Record<string, unknown>>;

/** A request is on its way for less, in ms. A due time further off has been moved since. */
const UNDERWAY_MS = 1_000;

/** What the founding files had for a timer whose creator did not say who it was. */
const NOBODY = "unknown_agent";

/** A firing timer has expired: what the founding module then did, it did after this status. */
const STATUS_OF: Readonly<Record<string, TimerStatus>> = {
	scheduled: "running",
	armed: "running",
	pending: "pending",
	paused: "paused",
	firing: "expired",
	settled: "expired",
	failed: "error",
	cancelled: "cancelled",
	skipped: "skipped",
};

/** All that a timer's status can be. */
export const STATUSES = [...new Set(Object.values(STATUS_OF))];

/** The network's words for one of the module's. */
export function networkStatuses(status: TimerStatus): readonly string[] {
	return Object.keys(STATUS_OF).filter((name) => STATUS_OF[name] === status);
}

export function fromNetwork(view: View): Timer {
	const { founding, ...metadata } = view.metadata;
	const kept = objectOf(founding);
	const { agent_id = textOf(kept["agentId"]) ?? NOBODY, team } = view.labels;
	const expiredAt = view.lastFiring?.firedAt;
	return {
		id: view.id,
		name: view.name ?? view.id,
		status: STATUS_OF[view.status] ?? "running",
		agent_id,
		agentId: agent_id,
		...(team !== undefined && { team }),
		...(kept["scenario"] !== undefined && { scenario: kept["scenario"] }),
		...timesOf(view, kept),
		createdAt: view.createdAt,
		timeRemaining: view.timeRemainingMs,
		progress: view.progress,
		events: kept["events"] === undefined ? eventsOf(view) : objectOf(kept["events"]),
		metadata,
		...(expiredAt !== undefined && { actualEndTime: Date.parse(expiredAt) }),
	};
}

/** A timer that was imported began before it was created here. */
function timesOf(
	{ at, createdAt }: View,
	kept: Kept,
): Pick<Timer, "duration" | "startTime" | "endTime"> {
	const asked = numberOf(kept["duration"]);
	if (at === null) return { duration: asked ?? 0, startTime: null, endTime: null };
	const endTime = Date.parse(at);
	const startTime = numberOf(kept["startTime"]) ?? Date.parse(createdAt);
	const duration = Math.max(0, endTime - startTime);
	if (asked === undefined || Math.abs(asked - duration) > UNDERWAY_MS) {
		return { duration, startTime, endTime };
	}
	return { duration: asked, startTime: endTime - asked, endTime };
}

/** Of a timer that was imported, or made by other programs. */
function eventsOf({ actions, message }: View): Timer["events"] {
	const webhook = actions.find(({ type }) => type === "webhook");
	const agent = actions.find(({ type }) => type === "agent");
	const { command, file_write } = objectOf(fromLiteral(agent?.["command"]));
	const onExpire: Record<string, unknown> = {
		...(webhook !== undefined && { webhook: webhookOf(webhook) }),
		...(command !== undefined && { command }),
		...(file_write !== undefined && { file_write }),
		...(message !== null && { message }),
	};
	return Object.keys(onExpire).length === 0 ? {} : { on_expire: onExpire };
}

function webhookOf({ url, message, data }: Kept): unknown {
	if (message === undefined && data === undefined) return url;
	return { url, ...(message !== undefined && { message }), ...(data !== undefined && { data }) };
}

function objectOf(value: unknown): Kept {
	const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
	return isObject ? (value as Kept) : {};
}

function numberOf(value: unknown): number | undefined {
	return typeof value === "number" ? value : undefined;
}

function textOf(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}
