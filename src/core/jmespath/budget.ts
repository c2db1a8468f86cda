/**
 * Bounds what expressions may cost in steps, size and depth. Values are shared, never copied, so
 * `[@,@]|[@,@]|…` is small in memory and doubles in size with every step: what counts is what a value
 * would take as JSON, kept per object so that it is computed once.
 */
import type { JsonValue } from "../../contract/json.ts";
import { CHARACTERS_PER_STEP, STEPS_MAX, VALUE_DEPTH_MAX, VALUE_SIZE_MAX } from "./constants.ts";
import { Fault } from "./errors.ts";

type Measure = { readonly size: number; readonly depth: number };

/** Characters of a number, `true` or `null` in JSON, with its comma: near enough for a bound. */
const SCALAR_SIZE = 6;
const SCALAR: Measure = { size: SCALAR_SIZE, depth: 0 };
/** Quotes, and the colon or comma after them. */
const PUNCTUATION_SIZE = 3;

export class Budget {
	#steps = STEPS_MAX;
	readonly #measures = new WeakMap<object, Measure>();

	/** Takes `steps` off what is left. */
	spend(steps: number): void {
		this.#steps -= steps;
		if (this.#steps < 0) {
			throw new Fault("too_costly", `takes more than ${STEPS_MAX} steps`);
		}
	}

	/** Takes off what a function that looks at every element or character of `value` costs. */
	spendOn(value: JsonValue): void {
		if (typeof value === "string") this.spend(Math.ceil(value.length / CHARACTERS_PER_STEP));
		else if (Array.isArray(value)) this.spend(value.length);
		else if (typeof value === "object" && value !== null) this.spend(Object.keys(value).length);
	}

	/** `value`, if it is of bearable size. */
	hold<T extends JsonValue>(value: T): T {
		const { size, depth } = this.#measure(value);
		this.requireSize(size);
		if (depth > VALUE_DEPTH_MAX) {
			throw new Fault("too_large", `nests deeper than ${VALUE_DEPTH_MAX} levels`);
		}
		return value;
	}

	/** Refuses what would grow past the bound, before it does. */
	requireSize(characters: number): void {
		if (!(characters <= VALUE_SIZE_MAX)) {
			throw new Fault("too_large", `makes a value of more than ${VALUE_SIZE_MAX} characters`);
		}
	}

	/** About how many characters `value` has as JSON. */
	sizeOf(value: JsonValue): number {
		return this.#measure(value).size;
	}

	/** Whether two values are the same JSON. */
	equal(a: JsonValue, b: JsonValue): boolean {
		if (a === b) return true;
		this.spend(1);
		if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
		if (Array.isArray(a) || Array.isArray(b)) {
			if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
			return a.every((item, index) => this.equal(item, b[index] ?? null));
		}
		const entries = Object.entries(a);
		const other = new Map(Object.entries(b));
		return (
			entries.length === other.size &&
			entries.every(([key, value]) => {
				const held = other.get(key);
				return held !== undefined && this.equal(value, held);
			})
		);
	}

	#measure(value: JsonValue): Measure {
		if (typeof value === "string") return { size: value.length + PUNCTUATION_SIZE, depth: 0 };
		if (typeof value !== "object" || value === null) return SCALAR;
		const known = this.#measures.get(value);
		if (known !== undefined) return known;
		let size = PUNCTUATION_SIZE;
		let depth = 0;
		const add = (item: JsonValue) => {
			const inner = this.#measure(item);
			size += inner.size;
			depth = Math.max(depth, inner.depth);
		};
		if (Array.isArray(value)) for (const item of value) add(item);
		else {
			for (const [key, item] of Object.entries(value)) {
				size += key.length + PUNCTUATION_SIZE;
				add(item);
			}
		}
		const measure = { size, depth: depth + 1 };
		this.#measures.set(value, measure);
		return measure;
	}
}
