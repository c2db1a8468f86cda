/**
 * Reads the inputs of a step, and gathers all that is wrong with them, so that one run tells of
 * every mistake. What the network checks anyhow, such as durations and cron expressions, is left to
 * it.
 */
import * as core from "@actions/core";
import type { JsonObject } from "../../../src/contract/json.ts";
import { ActionFailure, type Problem } from "./failure.ts";
import type { InputName } from "./names.ts";

/** Longest that a timer in Node can wait: 2^31 - 1 ms. */
const SECONDS_MAX = 2_147_483;
const MS_PER_SECOND = 1_000;

export class Inputs {
	readonly #problems: Problem[] = [];

	/** Trimmed; undefined where it is empty, as the runner hands over an input that is not given. */
	text(name: InputName): string | undefined {
		const text = core.getInput(name);
		return text === "" ? undefined : text;
	}

	/** As `text`, and a problem where there is none. */
	requireText(name: InputName, why: string): string {
		const text = this.text(name);
		if (text === undefined) this.refuse(name, `is missing: ${why}`);
		return text ?? "";
	}

	/** The id of a timer, without which the command can do nothing. */
	requireId(name: InputName, why: string): string {
		const id = this.requireText(name, why);
		// It becomes a part of a path, where dots mean something else.
		if (/^\.+$/.test(id)) this.refuse(name, `expected a timer's id, got "${id}"`);
		return id;
	}

	choice<T extends string>(name: InputName, choices: readonly T[]): T | undefined {
		const text = this.text(name);
		const found = choices.find((choice) => choice === text);
		if (text !== undefined && found === undefined) {
			this.refuse(name, `expected one of ${choices.join(", ")}, got "${text}"`);
		}
		return found;
	}

	/** False where it is not given. */
	flag(name: InputName): boolean {
		return this.choice(name, ["true", "false"]) === "true";
	}

	/** A number of seconds, as milliseconds. */
	seconds(name: InputName, fallbackSeconds: number): number {
		const text = this.text(name) ?? String(fallbackSeconds);
		const seconds = Number(text);
		if (!(seconds > 0 && seconds <= SECONDS_MAX)) {
			this.refuse(name, `expected seconds, more than 0 and at most ${SECONDS_MAX}, got "${text}"`);
		}
		return Math.ceil(seconds * MS_PER_SECOND);
	}

	jsonObject(name: InputName): JsonObject | undefined {
		const text = this.text(name);
		if (text === undefined) return undefined;
		const value = parseJson(text);
		if (isObject(value)) return value;
		this.refuse(name, `expected a JSON object like {"a": "b"}, got ${kindOf(value)}`);
		return undefined;
	}

	refuse(input: InputName, message: string): void {
		this.#problems.push({ input, message });
	}

	/** @throws ActionFailure with everything that was refused so far */
	settle(): void {
		if (this.#problems.length > 0) throw new ActionFailure(this.#problems);
	}
}

export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // not JSON: the caller says what was expected
	}
}

/** Not the value itself: it may hold what no log should. */
function kindOf(value: unknown): string {
	if (value === undefined) return "text that is not JSON";
	if (value === null) return "null";
	return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
