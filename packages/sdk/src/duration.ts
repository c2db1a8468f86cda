/**
 * Lengths of time as people write and read them: the founding client's two. The network reads the
 * same text by itself; these are for programs that count down beside it.
 */

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const SHOWN = ["d", "h", "m", "s"] as const;
type Unit = keyof typeof UNITS_MS;

const PART = /(\d+(?:\.\d+)?)\s*(ms|[smhdw])\s*/gi;
const DURATION = /^(?:\d+(?:\.\d+)?\s*(?:ms|[smhdw])\s*)+$/i;

/**
 * Milliseconds of `30s`, `1h30m`, or of a number of them.
 *
 * @throws {TypeError} for anything else, zero and less included
 */
export function parseDuration(input: string | number): number {
	const ms = typeof input === "number" ? input : parseText(input.trim());
	if (Number.isFinite(ms) && ms > 0) return Math.round(ms);
	const got = JSON.stringify(input);
	throw new TypeError(`Expected milliseconds or text like 500ms, 30s or 1h30m, got ${got}.`);
}

/** What is left, without units that are zero: 65000 is `1m 5s`. Less than a second is `0s`. */
export function formatTimeRemaining(ms: number): string {
	let rest = Math.max(0, ms);
	const parts: string[] = [];
	for (const unit of SHOWN) {
		const count = Math.floor(rest / UNITS_MS[unit]);
		rest -= count * UNITS_MS[unit];
		if (count > 0) parts.push(`${count}${unit}`);
	}
	return parts.join(" ") || "0s";
}

function parseText(text: string): number {
	if (!DURATION.test(text)) return Number.NaN;
	const parts = [...text.matchAll(PART)];
	// The pattern admits these units alone.
	const ms = ([, count, unit = ""]: RegExpExecArray) =>
		Number(count) * UNITS_MS[unit.toLowerCase() as Unit];
	return parts.reduce((sum, part) => sum + ms(part), 0);
}
