/**
 * Keeps secrets out of what a step prints. The runner masks what it is told in the log; outputs,
 * summaries and annotations are also cleared here, before anything leaves the process.
 */
import * as core from "@actions/core";

const MASK = "***";
/** A shorter text would blank out half of any message. */
const SECRET_LENGTH_MIN = 4;

export class Secrets {
	readonly #values = new Set<string>();

	add(value: string | undefined): void {
		if (value === undefined || value === "") return;
		core.setSecret(value);
		if (value.length >= SECRET_LENGTH_MIN) this.#values.add(value);
	}

	clear(text: string): string {
		let cleared = text;
		for (const value of this.#values) cleared = cleared.replaceAll(value, MASK);
		return cleared;
	}
}
