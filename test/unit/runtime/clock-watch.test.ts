import { describe, expect, it, vi } from "vitest";
import { watchClock } from "../../../runtime/clock-watch.ts";
import { HOUR, SECOND } from "../../../src/core/units.ts";

const NOW = Date.UTC(2026, 11, 1);

describe("the local runtime", () => {
	it("[DRIFT-25] notices that its clock was set or stood still, and not that it is steered", () => {
		vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
		try {
			let wall = NOW;
			let steady = 5_000;
			const pass = (ms: number, stepMs: number) => {
				steady += ms;
				wall += ms + stepMs;
				vi.advanceTimersByTime(SECOND);
			};
			const steps: number[] = [];
			const end = watchClock((stepMs) => steps.push(stepMs), {
				wall: () => wall,
				steady: () => steady,
			});
			pass(SECOND, 0);
			pass(30 * SECOND, 1);
			expect(steps).toEqual([]);
			pass(SECOND, HOUR);
			pass(SECOND, 0);
			pass(SECOND, -2 * HOUR);
			expect(steps).toEqual([HOUR, -2 * HOUR]);
			end();
			pass(SECOND, HOUR);
			expect(steps).toHaveLength(2);
		} finally {
			vi.useRealTimers();
		}
	});
});
