/**
 * What the normalisation of timers is measured against, and how it refuses: shared by creation,
 * changes and the replay of dead letters. Only types and the collector of what is wrong.
 */
import type { FieldError } from "../contract/error.ts";
import type { Plan } from "../contract/tenant.ts";
import type { Calendars } from "./calendar/calendar-dates.ts";
import type { Judge } from "./destination/judge.ts";
import type { Address } from "./public-id.ts";

export type TimerRules = {
	/** Epoch ms that a relative time counts from. */
	readonly now: number;
	readonly plan: Pick<Plan, "name" | "horizonDays">;
	/** Where webhooks may go. */
	readonly judge: Judge;
	/** The calendars that the request's schedules name, as far as the tenant has them. */
	readonly calendars?: Calendars;
	/** W3C traceparent of the request. */
	readonly traceparent: string | null;
	/** Where the timer of this id lives; undefined for an id that the tenant cannot have. */
	readonly timerAt?: (id: string) => Address | undefined;
};

export type TimerRefusal =
	| {
			readonly code: "validation_failed" | "unsupported_action" | "destination_refused";
			readonly errors: readonly FieldError[];
	  }
	| { readonly code: "payload_too_large"; readonly detail: string };

/** Collects everything that is wrong, so that a caller meets all of it at once. */
export class Flaws {
	readonly #invalid: FieldError[];
	readonly #unsupported: FieldError[];
	readonly #destinations: FieldError[];
	readonly #prefix: string;

	/** @param within where to collect, and the path that every path here is below */
	constructor(within?: { readonly flaws: Flaws; readonly path: string }) {
		const outer = within === undefined ? undefined : within.flaws;
		this.#invalid = outer === undefined ? [] : outer.#invalid;
		this.#unsupported = outer === undefined ? [] : outer.#unsupported;
		this.#destinations = outer === undefined ? [] : outer.#destinations;
		this.#prefix = outer === undefined ? "" : `${outer.#prefix}${within?.path}.`;
	}

	invalid(path: string, message: string): void {
		this.#invalid.push({ path: this.#prefix + path, message });
	}

	/** Well formed, but of a kind that the network does not carry out. */
	unsupported(path: string, message: string): void {
		this.#unsupported.push({ path: this.#prefix + path, message });
	}

	destination(path: string, message: string): void {
		this.#destinations.push({ path: this.#prefix + path, message });
	}

	/** `undefined` when nothing is wrong. The code is of what must be mended first. */
	refusal(): TimerRefusal | undefined {
		const [invalid, unsupported, refused] = [this.#invalid, this.#unsupported, this.#destinations];
		if (unsupported.length > 0) return { code: "unsupported_action", errors: unsupported };
		if (invalid.length > 0) {
			return { code: "validation_failed", errors: [...invalid, ...refused] };
		}
		if (refused.length > 0) return { code: "destination_refused", errors: refused };
		return undefined;
	}
}
