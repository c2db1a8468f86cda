import fc from "fast-check";
import { describe, it } from "vitest";
import { START, setClock, standStill } from "../clock.ts";
import { Chaos } from "./chaos.ts";
import { create, type Step, step } from "./chaos-steps.ts";

standStill();

const RUNS = 50;

const property = fc.asyncProperty(
	create,
	fc.array(step, { minLength: 5, maxLength: 40 }),
	async (first, steps: readonly Step[]) => {
		setClock(START);
		const chaos = new Chaos();
		await chaos.take({ kind: "call", call: first });
		for (const one of steps) {
			await chaos.take(one);
			await chaos.model.verify();
		}
		await chaos.finish();
	},
);

describe("recurring timers in chaos", () => {
	it("[FIRE-30] fire each occurrence once or tell that they do not, whatever happens", {
		timeout: 120_000,
	}, async () => {
		await fc.assert(property, { numRuns: RUNS });
	});
});
