/** Lengths of time where the API takes milliseconds; what it reads itself is passed on as text. */
import { parseDuration } from "../../../sdk/src/duration.ts";
import { usageFailure } from "./failure.ts";

/** `30s`, `1h30m`: milliseconds. Nothing for nothing, so that options can be passed as they are. */
export function readLength(option: string, text: string): number;
export function readLength(option: string, text: string | undefined): number | undefined;
export function readLength(option: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	// Zero is a length as well where nothing is to be waited for.
	if (/^0(ms|s|m|h|d)?$/.test(text)) return 0;
	try {
		return parseDuration(text);
	} catch {
		throw usageFailure(`${option}: expected a length of time like 30s or 1h30m, got "${text}"`);
	}
}
