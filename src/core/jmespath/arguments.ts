/** The arguments of a function, read by the type it expects of each. */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import type { Budget } from "./budget.ts";
import { Fault } from "./errors.ts";

/** `&expression`: evaluated by the function for each element. */
export class Reference {
	readonly evaluate: (item: JsonValue) => JsonValue;

	constructor(evaluate: (item: JsonValue) => JsonValue) {
		this.evaluate = evaluate;
	}
}

type Argument = JsonValue | Reference;

export class Arguments {
	readonly budget: Budget;
	readonly #name: string;
	readonly #values: readonly Argument[];

	constructor(name: string, values: readonly Argument[], budget: Budget) {
		this.#name = name;
		this.#values = values;
		this.budget = budget;
	}

	get count(): number {
		return this.#values.length;
	}

	any(index: number): JsonValue {
		const value = this.#values[index];
		if (value instanceof Reference) throw this.#fault(index, "a value");
		return value ?? null;
	}

	every(): readonly JsonValue[] {
		return this.#values.map((_, index) => this.any(index));
	}

	number(index: number): number {
		const value = this.any(index);
		if (typeof value !== "number") throw this.#fault(index, "a number");
		return value;
	}

	/** A whole number from 0, or `absent` where the argument is left out. */
	count0(index: number, absent: number): number {
		if (index >= this.count) return absent;
		const value = this.number(index);
		if (Number.isSafeInteger(value) && value >= 0) return value;
		throw new Fault("invalid_value", `gives ${this.#name}() ${value}; a whole number is expected`);
	}

	string(index: number): string {
		const value = this.any(index);
		if (typeof value !== "string") throw this.#fault(index, "a string");
		return value;
	}

	array(index: number): readonly JsonValue[] {
		const value = this.any(index);
		if (!Array.isArray(value)) throw this.#fault(index, "an array");
		return value;
	}

	object(index: number): JsonObject {
		const value = this.any(index);
		if (typeof value !== "object" || value === null || Array.isArray(value)) {
			throw this.#fault(index, "an object");
		}
		// Narrowing by isArray does not exclude a readonly array.
		return value as JsonObject;
	}

	numbers(index: number): readonly number[] {
		return this.array(index).map((item) => {
			if (typeof item !== "number") throw this.#fault(index, "an array of numbers");
			return item;
		});
	}

	strings(index: number): readonly string[] {
		return this.array(index).map((item) => {
			if (typeof item !== "string") throw this.#fault(index, "an array of strings");
			return item;
		});
	}

	reference(index: number): Reference {
		const value = this.#values[index];
		if (!(value instanceof Reference)) throw this.#fault(index, "an &expression");
		return value;
	}

	/** What `reference` makes of each item: all numbers, or all strings. */
	keysBy(items: readonly JsonValue[], reference: Reference): readonly (string | number)[] {
		let type: string | undefined;
		return items.map((item) => {
			const key = reference.evaluate(item);
			type ??= typeof key;
			if ((typeof key === "string" || typeof key === "number") && typeof key === type) return key;
			const what = `gives ${this.#name}() keys that are not all numbers or all strings`;
			throw new Fault("invalid_type", what);
		});
	}

	#fault(index: number, expected: string): Fault {
		const value = this.#values[index];
		const got = value instanceof Reference ? "an &expression" : typeName(value ?? null);
		const what = `gives ${this.#name}() ${got} as argument ${index + 1}; ${expected} is expected`;
		return new Fault("invalid_type", what);
	}
}

/** JMESPath's name of a value's type. */
export function typeName(value: JsonValue): string {
	if (value === null) return "null";
	return Array.isArray(value) ? "array" : typeof value;
}
