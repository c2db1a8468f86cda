/** `/v1/timers`: create, look at, change and end timers, one or many at a time. */
import type { CallOptions, Query } from "../options.ts";
import { getPage, listAll, type PageQuery } from "../paging.ts";
import type { Transport } from "../transport.ts";
import type {
	AcknowledgeCall,
	BackfillAnswer,
	BackfillCall,
	BatchAnswer,
	BulkAnswer,
	BulkCall,
	CancelAnswer,
	CleanupCall,
	DeleteAnswer,
	Delivery,
	Firing,
	ImportAnswer,
	JobStarted,
	MinootsEvent,
	NoteCall,
	Page,
	ReplayFiringAnswer,
	ReplayFiringCall,
	RunAnswer,
	RunCall,
	SchedulePreview,
	SchedulePreviewAnswer,
	SnoozeCall,
	Timer,
	TimerCreate,
	TimerPatch,
	TimerStatus,
} from "../types.ts";
import { type WaitForOptions, waitFor } from "../wait-for.ts";

export type TimerQuery = {
	readonly status?: TimerStatus | readonly TimerStatus[] | undefined;
	/** Each as `key:value`; all must match. */
	readonly label?: string | readonly string[] | undefined;
	readonly labels?: Readonly<Record<string, string>> | undefined;
	readonly name?: string | undefined;
	readonly dueBefore?: string | undefined;
	readonly dueAfter?: string | undefined;
};
export type TimerListQuery = TimerQuery &
	PageQuery & { readonly order?: "due" | "created" | undefined };

export type ExportQuery = TimerQuery & { readonly format?: "ndjson" | "ical" | undefined };

export type ImportQuery = {
	/** What the text is: JSON or NDJSON, iCalendar, or a crontab. */
	readonly format: "json" | "ical" | "crontab";
	readonly dryRun?: boolean | undefined;
	/** Lines that an earlier import with it has brought are found again, not created again. */
	readonly once?: boolean | undefined;
	/** What is called, or whose message it is, for lines without an action of their own. */
	readonly url?: string | undefined;
	readonly mailbox?: string | undefined;
	readonly timezone?: string | undefined;
};

/** The condition under which a change is made: the timer's `etag`. */
export type IfMatch = { readonly ifMatch?: string | undefined };

/** For the way there and back of a long poll, which is itself answered in time. */
const ANSWER_MS = 10_000;
const WAIT_MS_DEFAULT = 30_000;

export class Timers {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** Durable once it is answered. */
	create(input: TimerCreate, options?: CallOptions): Promise<Timer> {
		return this.#transport.call("POST", "/v1/timers", { ...options, body: input });
	}

	/** Up to 10,000. Each stands alone: look at `results` for those that were refused. */
	createMany(inputs: readonly TimerCreate[], options?: CallOptions): Promise<BatchAnswer> {
		const request = { ...options, body: { timers: inputs } };
		return this.#transport.call("POST", "/v1/timers/batch", request);
	}

	/** All that match, page after page. */
	list(query: TimerListQuery = {}, options?: CallOptions): AsyncGenerator<Timer, void, undefined> {
		return listAll(this.#transport, "/v1/timers", queryOf(query), options);
	}

	page(query: TimerListQuery = {}, options?: CallOptions): Promise<Page<Timer>> {
		return getPage(this.#transport, "/v1/timers", queryOf(query), options);
	}

	get(id: string, options?: CallOptions): Promise<Timer> {
		return this.#transport.call("GET", pathOf(id), options);
	}

	/** With `ifMatch`, only if the timer still has that etag; else `precondition_failed`. */
	update(id: string, patch: TimerPatch, options: CallOptions & IfMatch = {}): Promise<Timer> {
		// A second `extend` would extend again, and a second `If-Match` fail on what the first did.
		const repeatable = patch.extend === undefined && options.ifMatch === undefined;
		const request = { ...options, headers: conditional(options), repeatable, body: patch };
		return this.#transport.call("PATCH", pathOf(id), request);
	}

	cancel(
		id: string,
		input: { readonly reason?: string | undefined } = {},
		options?: CallOptions,
	): Promise<CancelAnswer> {
		return this.#post(id, "cancel", input, options);
	}

	/** Removes it with its history; `cancel` keeps both. */
	delete(id: string, options: CallOptions & IfMatch = {}): Promise<DeleteAnswer> {
		const request = { ...options, headers: conditional(options) };
		return this.#transport.call("DELETE", pathOf(id), request);
	}

	/**
	 * One long poll: the timer once it has ended, or as it stands when the time is up.
	 *
	 * @param options.timeoutMs how long the network may wait, at most 60,000; default 30,000
	 */
	wait(id: string, { timeoutMs = WAIT_MS_DEFAULT, ...options }: CallOptions = {}): Promise<Timer> {
		return this.#transport.call("GET", `${pathOf(id)}/wait`, {
			...options,
			query: { timeout: timeoutMs },
			timeoutMs: timeoutMs + ANSWER_MS,
		});
	}

	/** Waits until the timer has ended, however long that takes. */
	waitFor(id: string, options?: WaitForOptions): Promise<Timer> {
		return waitFor(this, id, options);
	}

	pause(id: string, input: NoteCall = {}, options?: CallOptions): Promise<Timer> {
		return this.#post(id, "pause", input, options);
	}

	resume(id: string, input: NoteCall = {}, options?: CallOptions): Promise<Timer> {
		return this.#post(id, "resume", input, options);
	}

	snooze(id: string, input: SnoozeCall, options?: CallOptions): Promise<Timer> {
		return this.#post(id, "snooze", input, options);
	}

	/** Ends the escalation of what has fired. */
	acknowledge(id: string, input: AcknowledgeCall = {}, options?: CallOptions): Promise<Timer> {
		return this.#post(id, "acknowledge", input, options);
	}

	/** Fires now; the schedule stays as it is. */
	run(id: string, input: RunCall = {}, options?: CallOptions): Promise<RunAnswer> {
		return this.#post(id, "run", input, options);
	}

	/** Repeats a firing that has ended. */
	replay(
		id: string,
		input: ReplayFiringCall = {},
		options?: CallOptions,
	): Promise<ReplayFiringAnswer> {
		return this.#post(id, "replay", input, options);
	}

	/** At most 1,000 firings a call; `nextAt` says where the next one goes on. */
	backfill(id: string, input: BackfillCall, options?: CallOptions): Promise<BackfillAnswer> {
		return this.#post(id, "backfill", input, options);
	}

	/** More than 5,000 matches become a job: look at it with `jobs.get`. */
	bulk(input: BulkCall, options?: CallOptions): Promise<BulkAnswer | JobStarted> {
		return this.#transport.call("POST", "/v1/timers/bulk", { ...options, body: input });
	}

	/** Removes timers that ended long ago. */
	cleanup(input: CleanupCall, options?: CallOptions): Promise<BulkAnswer | JobStarted> {
		return this.#transport.call("POST", "/v1/timers/cleanup", { ...options, body: input });
	}

	/** When a schedule would fire. */
	preview(input: SchedulePreview, options?: CallOptions): Promise<SchedulePreviewAnswer> {
		return this.#transport.call("POST", "/v1/timers/preview", { ...options, body: input });
	}

	/** Newest first, as deliveries and events are. */
	firings(
		id: string,
		query: PageQuery = {},
		options?: CallOptions,
	): AsyncGenerator<Firing, void, undefined> {
		return listAll(this.#transport, `${pathOf(id)}/firings`, query, options);
	}

	deliveries(
		id: string,
		query: PageQuery = {},
		options?: CallOptions,
	): AsyncGenerator<Delivery, void, undefined> {
		return listAll(this.#transport, `${pathOf(id)}/deliveries`, query, options);
	}

	events(
		id: string,
		query: PageQuery = {},
		options?: CallOptions,
	): AsyncGenerator<MinootsEvent, void, undefined> {
		return listAll(this.#transport, `${pathOf(id)}/events`, query, options);
	}

	/** As text: a line of JSON a timer, or iCalendar. What `import` takes. */
	export(query: ExportQuery = {}, options?: CallOptions): Promise<string> {
		const request = { ...options, query: queryOf(query) };
		return this.#transport.text("GET", "/v1/timers/export", request);
	}

	import(text: string, query: ImportQuery, options?: CallOptions): Promise<ImportAnswer> {
		const request = { ...options, query, body: text, contentType: "text/plain" };
		return this.#transport.call("POST", "/v1/timers/import", request);
	}

	#post<T>(id: string, verb: string, body: object, options?: CallOptions): Promise<T> {
		return this.#transport.call("POST", `${pathOf(id)}/${verb}`, { ...options, body });
	}
}

function pathOf(id: string): string {
	return `/v1/timers/${encodeURIComponent(id)}`;
}

function conditional({ headers, ifMatch }: CallOptions & IfMatch): Headers {
	const all = new Headers(headers);
	if (ifMatch !== undefined) all.set("if-match", ifMatch);
	return all;
}

/** `labels` as the list's query writes them. */
export function queryOf<Q extends Pick<TimerQuery, "label" | "labels">>({
	labels = {},
	label = [],
	...query
}: Q): Query {
	const pairs = Object.entries(labels).map(([key, value]) => `${key}:${value}`);
	return { ...query, label: [...[label].flat(), ...pairs] };
}
