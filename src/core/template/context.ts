/**
 * What the expressions of one delivery see, and what they may cost together. Made anew for every
 * rendering; the same firing makes the same one at every attempt.
 */

import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import { formatInstant } from "../instant.ts";
import { Budget } from "../jmespath/budget.ts";

export class TemplateContext {
	readonly budget = new Budget();
	/** Epoch ms of `now`: when the firing was due. */
	readonly now: number;
	readonly #roots: JsonObject;
	readonly #zone: string;
	#data: JsonObject | undefined;

	/** @param zone IANA name of the zone whose date `now_date` is */
	constructor(roots: JsonObject, now: number, zone: string) {
		this.#roots = roots;
		this.now = Math.min(Math.max(now, 0), LIMITS.instantMax);
		this.#zone = zone;
	}

	/** The roots with `now`, `timestamp` and `now_date`. */
	get data(): JsonValue {
		if (this.#data === undefined) {
			const now = formatInstant(this.now);
			const now_date = dateIn(this.#zone, this.now);
			this.#data = { ...this.#roots, now, timestamp: now, now_date };
		}
		return this.#data;
	}
}

/** The date (YYYY-MM-DD) that an instant falls on in a zone. */
function dateIn(zone: string, at: number): string {
	if (zone === "UTC") return formatInstant(at).slice(0, "YYYY-MM-DD".length);
	const format = new Intl.DateTimeFormat("en-CA", {
		timeZone: zone,
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
	});
	const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
	return `${part["year"]}-${part["month"]}-${part["day"]}`;
}
