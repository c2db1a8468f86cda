/**
 * A time zone as offsets from UTC, read from the runtime's own data (`Intl`) and kept: asking `Intl`
 * costs microseconds, a lookup here tens of nanoseconds, and a recurrence asks several times. Pure
 * but for that cache. Called by whatever turns local times into instants and back.
 */
import { DAY, MINUTE, SECOND } from "../units.ts";

/**
 * A zone's offset is read at both ends of four days; where they differ, the change lies between
 * them. No zone of the database has gone there and back within that: the shortest stay since 1940
 * is the week of DST in Boa Vista in 2000.
 */
const BLOCK_MS = 4 * DAY;
/** Blocks kept for one zone: about 90 years, after which they are read anew. */
const BLOCKS_MAX = 8_192;
/** Zones kept; there are some 420, so this only bounds what odd spellings of them can take. */
const ZONES_MAX = 600;
/** Before 1700 every zone has its local mean time; `Intl` is not asked about older years. */
const OLDEST = Date.UTC(1700, 0, 1);

export type Zone = {
	readonly id: string;
	/** Milliseconds to add to `at` (epoch ms) for the local time. */
	offsetAt(at: number): number;
	/** The first instant after `at`, and at most `until`, from which another offset holds. */
	changeAfter(at: number, until: number): number | undefined;
};

/** Its offsets, and where the second begins, which is the end of the block if they are one. */
type Block = { readonly before: number; readonly after: number; readonly change: number };

const zones = new Map<string, Zone | null>();

/**
 * The zone of an IANA name; `undefined` for anything else, fixed offsets such as `+05:00`, `GMT+5`
 * and abbreviations that only some runtimes know included.
 */
export function zoneOf(name: string): Zone | undefined {
	let zone = zones.get(name);
	if (zone === undefined) {
		if (zones.size >= ZONES_MAX) zones.clear();
		zone = readZone(name);
		zones.set(name, zone);
	}
	return zone ?? undefined;
}

/** The zone of a name that has been checked before; throws for any other. */
export function requireZone(name: string): Zone {
	const zone = zoneOf(name);
	if (zone === undefined) throw new Error(`The time zone ${name} is not known here`);
	return zone;
}

/** `Area/City`, `Etc/GMT+5`, and names without an area, of which none is an offset: `GMT+5`. */
const NAME = /^(?:[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z0-9_+-]+){1,2}|(?!GMT.|UTC.)[A-Z][A-Z0-9a-z-]+)$/;

function readZone(name: string): Zone | null {
	if (!NAME.test(name)) return null;
	let format: Intl.DateTimeFormat;
	try {
		format = new Intl.DateTimeFormat("en-US", {
			timeZone: name,
			hourCycle: "h23",
			year: "numeric",
			month: "numeric",
			day: "numeric",
			hour: "numeric",
			minute: "numeric",
			second: "numeric",
		});
	} catch {
		// A RangeError, as ECMA-402 has it for a zone that is not known.
		return null;
	}
	if (format.resolvedOptions().timeZone === "UTC") return fixedZone(name);
	return changingZone(name, format);
}

function fixedZone(id: string): Zone {
	return { id, offsetAt: () => 0, changeAfter: () => undefined };
}

function changingZone(id: string, format: Intl.DateTimeFormat): Zone {
	const blocks = new Map<number, Block>();

	function blockOf(index: number): Block {
		let block = blocks.get(index);
		if (block === undefined) {
			if (blocks.size >= BLOCKS_MAX) blocks.clear();
			block = readBlock(format, index * BLOCK_MS);
			blocks.set(index, block);
		}
		return block;
	}

	return {
		id,
		offsetAt(at) {
			const { before, after, change } = blockOf(Math.floor(at / BLOCK_MS));
			return at < change ? before : after;
		},
		changeAfter(at, until) {
			const last = Math.floor(until / BLOCK_MS);
			for (let index = Math.floor(at / BLOCK_MS); index <= last; index++) {
				const { before, after, change } = blockOf(index);
				if (before !== after && change > at) return change <= until ? change : undefined;
			}
			return undefined;
		},
	};
}

function readBlock(format: Intl.DateTimeFormat, start: number): Block {
	const end = start + BLOCK_MS;
	const before = readOffset(format, start);
	const after = readOffset(format, end);
	if (before === after) return { before, after, change: end };
	let [low, high] = [start, end];
	while (high - low > SECOND) {
		const middle = low + Math.floor((high - low) / (2 * SECOND)) * SECOND;
		if (readOffset(format, middle) === before) low = middle;
		else high = middle;
	}
	return { before, after, change: high };
}

function readOffset(format: Intl.DateTimeFormat, at: number): number {
	const asked = Math.max(at, OLDEST);
	const field: Record<string, number> = {};
	for (const { type, value } of format.formatToParts(asked)) field[type] = Number(value);
	const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
	return Date.UTC(year, month - 1, day, hour, minute, second) - asked;
}

/** `+05:30`, and `+00:53:28` for a local mean time. */
export function formatOffset(offsetMs: number): string {
	const sign = offsetMs < 0 ? "-" : "+";
	const seconds = Math.abs(offsetMs) / SECOND;
	const minutes = Math.floor(Math.abs(offsetMs) / MINUTE);
	const parts = [Math.floor(minutes / 60), minutes % 60];
	if (seconds % 60 !== 0) parts.push(seconds % 60);
	return sign + parts.map((part) => String(part).padStart(2, "0")).join(":");
}
