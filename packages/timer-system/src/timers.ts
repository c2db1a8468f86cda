/** The founding module's calls. Each returns when the network has answered, or throws. */
import { randomUUID } from "node:crypto";
import { MinootsError } from "./error.ts";
import { fromNetwork, networkStatuses, STATUSES, type View } from "./from-network.ts";
import { type Event, logText } from "./log-text.ts";
import type { Call } from "./protocol.ts";
import { mailbox, timeoutMs } from "./settings.ts";
import { callUntil, sleep } from "./sync-calls.ts";
import { toNetwork } from "./to-network.ts";
import type { CleanupOptions, CreateOptions, ListFilter, Timer, TimerConfig } from "./types.ts";

/** Items of a page: the most that the network gives. */
const PAGE = 1_000;
/** Pause between two looks at a job, in ms. */
const LOOK_MS = 50;
/** Those that the founding clean-up removed; a timer that failed may still be sent again. */
const CLEANED = ["settled", "cancelled", "skipped"];

type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

/** The timer, recorded. A create that failed may be repeated with the error's `idempotencyKey`. */
export function create(config: TimerConfig, options: CreateOptions = {}): Timer {
	if (typeof config !== "object" || config === null) {
		const got = config === undefined ? "nothing" : JSON.stringify(config);
		throw invalid(`create: expected an object with a duration, got ${got}`);
	}
	const idempotencyKey = options.idempotencyKey ?? randomUUID();
	const body = toNetwork(copyOf(config), mailbox());
	try {
		return fromNetwork(call({ method: "POST", path: "/v1/timers", body, idempotencyKey }) as View);
	} catch (error) {
		if (!(error instanceof MinootsError)) throw error;
		throw new MinootsError({ ...error, message: error.message, idempotencyKey });
	}
}

/** null when there is none with this id. */
export function get(id: string): Timer | null {
	const view = unlessMissing(() => call({ method: "GET", path: pathOf(id) }));
	return view === undefined ? null : fromNetwork(view as View);
}

/** All that the network keeps, the oldest first, ended ones too until `cleanup`. */
export function list(filter?: ListFilter | null): Timer[] {
	const { status, team, agent_id, name } = filter ?? {};
	const statuses = status === undefined ? [] : networkStatuses(status);
	if (status !== undefined && statuses.length === 0) {
		throw invalid(`list: there is no status ${JSON.stringify(status)}; ${STATUSES.join(", ")} are`);
	}
	const labels = Object.entries({ team, agent_id }).flatMap(([key, value]) =>
		value === undefined ? [] : [`${key}:${value}`],
	);
	const query = {
		order: "created",
		...(name !== undefined && { name }),
		...(statuses.length > 0 && { status: statuses }),
		...(labels.length > 0 && { label: labels }),
	};
	return itemsOf<View>("/v1/timers", query).map(fromNetwork);
}

/** What happened to a timer, a line each; `No logs found` where there is no such timer. */
export function logs(id: string): string {
	const events = unlessMissing(() => itemsOf<Event>(`${pathOf(id)}/events`, {}));
	return events === undefined ? "No logs found" : logText(events);
}

/** Whether the timer will not fire (again); false when it has fired, or is none. */
export function cancel(id: string): boolean {
	const path = `${pathOf(id)}/cancel`;
	const answer = unlessMissing(() =>
		call({ method: "POST", path, body: {}, idempotencyKey: randomUUID() }),
	);
	return (answer as { readonly outcome: string } | undefined)?.outcome === "cancelled";
}

/** Removes the tenant's timers that have ended, with their history; answers how many. */
export function cleanup(options?: CleanupOptions | null): number {
	const { olderThan = 1, dryRun = false } = options ?? {};
	const deadline = deadlineFrom();
	const body = { olderThan, dryRun, statuses: CLEANED };
	const answer = callUntil(deadline, {
		method: "POST",
		path: "/v1/timers/cleanup",
		body,
		idempotencyKey: randomUUID(),
	}) as { readonly changed?: number; readonly matched: number; readonly jobId?: string };
	if (answer.jobId === undefined) return dryRun ? answer.matched : (answer.changed ?? 0);
	for (;;) {
		const path = `/v1/jobs/${answer.jobId}`;
		const job = callUntil(deadline, { method: "GET", path }) as { readonly status: string };
		if (job.status === "done") return answer.matched;
		sleep(LOOK_MS);
	}
}

/** The founding README told of it; no key of the network gives a part of a timer to others. */
export function share(_id?: string, _options?: unknown): never {
	throw new MinootsError({
		message:
			"share is not supported: a tenant's timers belong to all its keys. Give the team a key with the scopes timer.read and timer.cancel (POST /v1/keys), or its own tenant.",
		code: "unsupported",
	});
}

/** What JSON makes of it, as in the founding module's files: functions, say, are left out. */
function copyOf(config: TimerConfig): TimerConfig {
	const { duration } = config;
	if (typeof duration === "number" && !Number.isFinite(duration)) {
		throw invalid(`create: duration: expected milliseconds or text like 30s, got ${duration}`);
	}
	try {
		return JSON.parse(JSON.stringify(config));
	} catch (error) {
		throw invalid(`create: expected what JSON can hold: ${error}`);
	}
}

function invalid(message: string): MinootsError {
	return new MinootsError({ message, code: "validation_failed" });
}

function call(one: Call): unknown {
	return callUntil(deadlineFrom(), one);
}

function itemsOf<T>(path: string, query: Call["query"]): T[] {
	const deadline = deadlineFrom();
	const items: T[] = [];
	let cursor: string | null = null;
	do {
		const page = callUntil(deadline, {
			method: "GET",
			path,
			query: { ...query, limit: PAGE, ...(cursor !== null && { cursor }) },
		}) as Page<T>;
		items.push(...page.items);
		cursor = page.nextCursor;
	} while (cursor !== null);
	return items;
}

function deadlineFrom(): number {
	return performance.now() + timeoutMs();
}

function pathOf(id: string): string {
	if (typeof id !== "string" || /^\.{0,2}$/.test(id)) {
		throw invalid(`expected the id of a timer, got ${JSON.stringify(id)}`);
	}
	return `/v1/timers/${encodeURIComponent(id)}`;
}

function unlessMissing<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch (error) {
		if (error instanceof MinootsError && error.status === 404) return undefined;
		throw error;
	}
}
