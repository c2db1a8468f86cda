/** Instants and lengths of time as people read them: local, and how far from now. */

const SECOND_MS = 1_000;
/** Largest first. */
const UNITS = [
	["d", 86_400_000],
	["h", 3_600_000],
	["m", 60_000],
	["s", SECOND_MS],
] as const;

/** `2026-12-01 10:00:00 +01:00`, on this machine's clock. */
export function formatLocal(instant: string): string {
	const at = new Date(instant);
	const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(two).join("-");
	const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
	return `${day} ${time} ${formatOffset(-at.getTimezoneOffset())}`;
}

/** `in 3m`, `2h 5m ago`: the two largest units, seconds being the smallest. */
export function formatRelative(instant: string, now: number): string {
	const ms = Date.parse(instant) - now;
	if (Math.abs(ms) < SECOND_MS) return "now";
	const span = formatSpan(Math.abs(ms));
	return ms > 0 ? `in ${span}` : `${span} ago`;
}

/** `1h 30m`; under ten seconds `3.2s`. */
export function formatSpan(ms: number): string {
	if (ms < 10 * SECOND_MS) return `${Number((Math.round(ms / 100) / 10).toFixed(1))}s`;
	const parts: string[] = [];
	let rest = Math.round(ms / SECOND_MS) * SECOND_MS;
	for (const [unit, unitMs] of UNITS) {
		const count = Math.floor(rest / unitMs);
		rest -= count * unitMs;
		if (count > 0) parts.push(`${count}${unit}`);
		else if (parts.length > 0) break;
		if (parts.length === 2) break;
	}
	return parts.join(" ");
}

/** `2026-12-01 10:00:00 +01:00 (in 3m)`, or `–` for none. */
export function formatInstant(instant: string | null | undefined, now: number): string {
	if (instant === null || instant === undefined) return "–";
	return `${formatLocal(instant)} (${formatRelative(instant, now)})`;
}

function formatOffset(minutes: number): string {
	const size = Math.abs(minutes);
	return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(value: number): string {
	return String(value).padStart(2, "0");
}

/**
 * One number with its unit, for what this program itself measures. Times of timers go to the network
 * as they were written, which reads more.
 */
export function parseDurationMs(text: string): number | undefined {
	const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
	const unitMs = unit === "ms" ? 1 : UNITS.find(([name]) => name === unit)?.[1];
	return unitMs === undefined ? undefined : Math.round(Number(digits) * unitMs);
}
