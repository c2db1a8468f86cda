import fc from "fast-check";
import { describe, it } from "vitest";
import { START, setClock, standStill } from "../clock.ts";
import { Chaos } from "./chaos.ts";
import { create, type Step, step, stepOrMove } from "./chaos-steps.ts";

standStill();

const RUNS = 50;
const MOVED_RUNS = 20;
/** Milliseconds after which a run is given up, so that its seed is told: it takes some 50. */
const RUN_MS = 90_000;
const LENGTH = { minLength: 5, maxLength: 40 };

function holds(one: fc.Arbitrary<Step>, isMovable: boolean) {
	return fc.asyncProperty(create, fc.array(one, LENGTH), async (first, steps) => {
		setClock(START);
		const chaos = new Chaos(isMovable);
		await chaos.take({ kind: "call", call: first });
		for (const each of steps) {
			await chaos.take(each);
			await chaos.model.verify();
		}
		await chaos.finish();
	});
}

describe("recurring timers in chaos", () => {
	it("[FIRE-30] fire each occurrence once or tell that they do not, whatever happens", {
		timeout: 240_000,
	}, async () => {
		await fc.assert(holds(step, false), { numRuns: RUNS, timeout: RUN_MS });
	});

	it("[FIRE-30] also where the tenant's time is moved in between", {
		timeout: 240_000,
	}, async () => {
		await fc.assert(holds(stepOrMove, true), { numRuns: MOVED_RUNS, timeout: RUN_MS });
	});
});
