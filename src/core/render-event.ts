/**
 * The wire shape of an event: a CloudEvents 1.0 JSON object with the extensions `tenantid`,
 * `sequence` and `traceparent`. Called by whoever answers a timer's history.
 */
import type { EventType, EventView } from "../contract/event.ts";
import type { JsonObject } from "../contract/json.ts";
import { formatInstant } from "./instant.ts";
import type { IdSpace } from "./public-id.ts";

/** The shape of a shard's `EventRecord`. */
type EventState = {
	readonly sequence: number;
	readonly at: number;
	readonly type: EventType;
	readonly timer: number;
	readonly data: JsonObject;
	readonly traceparent: string | null;
};

/** The sequence extension asks for text that sorts as the numbers do: as many digits as 2^53 has. */
const SEQUENCE_DIGITS = 16;

/** Stands for the timer of an event that is about none. */
export const NO_TIMER = 0;

export function renderEvent(
	event: EventState,
	home: { readonly tenant: string; readonly ids: IdSpace; readonly shard: number },
): EventView {
	const { tenant, ids, shard } = home;
	return {
		specversion: "1.0",
		id: ids.event({ shard, seq: event.sequence }),
		source: `/v1/tenants/${tenant}`,
		type: event.type,
		time: formatInstant(event.at),
		subject: event.timer === NO_TIMER ? subjectOf(event) : ids.timer({ shard, seq: event.timer }),
		datacontenttype: "application/json",
		tenantid: tenant,
		sequence: String(event.sequence).padStart(SEQUENCE_DIGITS, "0"),
		...(event.traceparent !== null && { traceparent: event.traceparent }),
		data: event.data,
	};
}

/** What was published is about its topic. */
function subjectOf({ data }: EventState): string {
	const { topic } = data;
	return typeof topic === "string" ? topic : "";
}
