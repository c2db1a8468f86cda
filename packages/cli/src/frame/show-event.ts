/** An event as a line: when, what, of which timer, and its data as `key=value`. */
import type { MinootsEvent } from "../../../sdk/src/types.ts";
import type { Style } from "./style.ts";
import { formatLocal } from "./times.ts";

/** As wide as most types, so that what follows stands in a column. */
const TYPE_WIDTH = 18;

/** Also what stands for events that are kept no longer, which has no subject. */
export type EventLike = Pick<MinootsEvent, "id" | "time" | "data"> & {
	readonly type: string;
	readonly subject?: string;
};

export function eventLine(event: EventLike, style: Style, withSubject = false): string {
	const { type, time, subject, data } = event;
	const members = Object.entries(data).filter(([, value]) => value !== null);
	const said = members.map(([key, value]) => `${style.dim(`${key}=`)}${valueText(value)}`);
	const ms = time.slice(-5, -1); // of 2026-12-01T09:00:00.123Z
	const at = formatLocal(time).replace(/ [+-]\d\d:\d\d$/, ms);
	const parts = [
		style.dim(at),
		paintType(style, type),
		...(withSubject && subject ? [subject] : []),
		...said,
	];
	return parts.join("  ").trimEnd();
}

function valueText(value: unknown): string {
	if (typeof value === "string") return /^[^\s="]+$/.test(value) ? value : JSON.stringify(value);
	return JSON.stringify(value);
}

function paintType(style: Style, type: string): string {
	const text = type.padEnd(TYPE_WIDTH);
	if (/\.(failed|dead|expired)$/.test(type)) return style.red(text);
	if (/\.(settled|delivered|acknowledged)$/.test(type)) return style.green(text);
	if (/\.(retrying|paused|skipped|escalated)$/.test(type)) return style.yellow(text);
	return style.cyan(text);
}
