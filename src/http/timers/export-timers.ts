/**
 * Streams the timers of a tenant as a file, shard by shard and page by page: no more than a page of
 * one shard is in memory, and of large bodies those of a few timers. A timer that is made meanwhile
 * may or may not be in it.
 */
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import type {
	ListPosition,
	TimerFilter,
	TimerRecord,
} from "../../../durable-objects/tenant-shard/rpc.ts";
import type { TimerStatus } from "../../contract/timer.ts";
import type { ExportQuery } from "../../contract/transfer.ts";
import { type Calendars, calendarsFrom, NO_CALENDARS } from "../../core/calendar/calendar-dates.ts";
import { type ExportedTimer, exportLine } from "../../core/export/export-line.ts";
import { ICAL_HEAD, ICAL_TAIL, icalEvent } from "../../core/export/ical-event.ts";
import { calendarsOf as calendarNames } from "../../core/recurrence/schedule-doc.ts";
import type { Result } from "../../core/result.ts";
import { parseTimerDoc } from "../../core/timer-doc.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { type Reply, replyStream } from "../reply.ts";
import { wholeDoc } from "./answer.ts";
import { filterOfQuery } from "./filter.ts";
import { allHomes, type Home } from "./shards.ts";

/** Timers of one page: a shard answers them in a few ms. */
const PAGE_TIMERS = 200;
/** Timers whose large bodies are in memory at once, and loaded at once: a Worker may have six
 * connections open. */
const AT_ONCE = 6;

/** What is exported unless the call says: all that may still fire. */
const PENDING: TimerStatus[] = ["scheduled", "armed", "firing", "paused", "pending"];

type Format = {
	readonly type: string;
	readonly head: string;
	readonly tail: string;
	readonly needsCalendars: boolean;
	write(timer: ExportedTimer, calendars: Calendars): string;
};

const FORMATS: Readonly<Record<ExportQuery["format"], Format>> = {
	ndjson: {
		type: "application/x-ndjson",
		head: "",
		tail: "",
		needsCalendars: false,
		write: (timer) => `${JSON.stringify(exportLine(timer))}\n`,
	},
	ical: {
		type: "text/calendar; charset=utf-8",
		head: ICAL_HEAD,
		tail: ICAL_TAIL,
		// Its occurrences are listed, which the dates that it leaves out decide.
		needsCalendars: true,
		write: icalEvent,
	},
};

export function exportTimers(
	context: TenantContext,
	query: ExportQuery,
): Result<Reply, HttpFailure> {
	const filter = filterOfQuery({ ...query, status: query.status ?? PENDING });
	if (!filter.ok) return filter;
	const format = FORMATS[query.format];
	const body = streamOf(textOf(context, filter.value, format));
	return replyStream(new Response(body, { headers: { "content-type": format.type } }));
}

/** Reads on only as the other side takes what it has been given. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
	const utf8 = new TextEncoder();
	return new ReadableStream({
		async pull(controller) {
			const { done, value } = await pieces.next();
			if (done === true) controller.close();
			else controller.enqueue(utf8.encode(value));
		},
		async cancel() {
			await pieces.return(undefined);
		},
	});
}

async function* textOf(
	context: TenantContext,
	filter: TimerFilter,
	{ head, tail, needsCalendars, write }: Format,
): AsyncGenerator<string> {
	if (head !== "") yield head;
	for (const { shard, stub } of allHomes(context)) {
		for await (const records of pagesOf(stub, filter)) {
			const calendars = needsCalendars ? await calendarsOf(context, records) : NO_CALENDARS;
			for (let from = 0; from < records.length; from += AT_ONCE) {
				const timers = records.slice(from, from + AT_ONCE).map(async (record) => {
					const id = context.ids.timer({ shard, seq: record.seq });
					return { ...record, id, doc: await wholeDoc(context, record.doc) };
				});
				yield (await Promise.all(timers)).map((timer) => write(timer, calendars)).join("");
			}
		}
	}
	if (tail !== "") yield tail;
}

async function* pagesOf(
	stub: Home["stub"],
	filter: TimerFilter,
): AsyncGenerator<readonly TimerRecord[]> {
	for (let after: ListPosition | null = null; ; ) {
		const answer = await stub.list({ filter, order: "created", after, limit: PAGE_TIMERS });
		yield answer.items.map(({ timer }) => timer);
		if (answer.scannedTo === null) return;
		after = answer.scannedTo;
	}
}

async function calendarsOf(
	{ env, tenant }: TenantContext,
	records: readonly TimerRecord[],
): Promise<Calendars> {
	const schedules = records.flatMap(({ doc }) => parseTimerDoc(doc).schedule ?? []);
	const names = new Set(schedules.flatMap(calendarNames));
	if (names.size === 0) return NO_CALENDARS;
	return calendarsFrom(await registryOf(env, tenant).calendarsNamed([...names]));
}
