import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEPENDENCY_CONDITIONS } from "../../../src/contract/dependency.ts";
import { LIMITS } from "../../../src/contract/limits.ts";
import {
	conditionCode,
	conditionOf,
	type DependencyEnd,
	isSatisfied,
	NO_INSTANT,
	releasedDue,
} from "../../../src/core/dependency.ts";
import { createIdSpace } from "../../../src/core/public-id.ts";
import { createdState, renderTimer } from "../../../src/core/render-timer.ts";
import { accepted, NOW, readPatch, readTimer, refused } from "../timers/read-timer.ts";

const ids = createIdSpace(new Uint8Array(32).fill(7), "acme");
const others = createIdSpace(new Uint8Array(32).fill(7), "globex");
const rules = { timerAt: (id: string) => ids.parse("tmr", id) };

const A = ids.timer({ shard: 0, seq: 1 });
const B = ids.timer({ shard: 3, seq: 2 });

function read(json: object) {
	return readTimer(json, rules);
}

describe("what a timer depends on", () => {
	it("[CHAIN-1] is named by ids or by ids with `on`, success unless it says otherwise", () => {
		const { doc, stored } = accepted(
			read({ dependsOn: [A, { timer: B, on: "failure" }], in: "5s" }),
		);
		expect(doc.dependsOn).toEqual([
			{ timer: A, on: "success" },
			{ timer: B, on: "failure" },
		]);
		expect(doc.delayMs).toBe(5_000);
		expect(stored.dueAt).toBe(NO_INSTANT);
		expect(stored.dependsOn).toEqual([
			{ shard: 0, seq: 1, on: "success", path: "dependsOn.0" },
			{ shard: 3, seq: 2, on: "failure", path: "dependsOn.1.timer" },
		]);
	});

	it.each(["depends_on", "dependencies"])(
		"[CHAIN-2] is released always by the older %s",
		(name) => {
			const { doc } = accepted(read({ [name]: [A], in: "5s" }));
			expect(doc.dependsOn).toEqual([{ timer: A, on: "always" }]);
		},
	);

	it("[CHAIN-3] may leave out when: the timer is then due as soon as it is released", () => {
		expect(accepted(read({ dependsOn: [A] })).doc.delayMs).toBe(0);
		const at = new Date(NOW + 60_000).toISOString();
		const { doc, stored } = accepted(read({ dependsOn: [A], at }));
		expect(doc.delayMs).toBeUndefined();
		expect(stored.dueAt).toBe(NOW + 60_000);
		expect(refused(read({ dependsOn: [] }))).toEqual(["validation_failed", "in"]);
	});

	it("[CHAIN-4] is refused where it is no id of the tenant, stands twice, or comes in two fields", () => {
		const foreign = others.timer({ shard: 0, seq: 1 });
		expect(refused(read({ dependsOn: [A, foreign], in: 1 }))).toEqual([
			"validation_failed",
			"dependsOn.1",
		]);
		expect(refused(read({ dependsOn: [A, { timer: A }], in: 1 }))).toEqual([
			"validation_failed",
			"dependsOn.1.timer",
		]);
		expect(refused(read({ dependsOn: [A], depends_on: [B], in: 1 }))).toEqual([
			"validation_failed",
			"dependsOn",
			"depends_on",
		]);
		expect(refused(read({ dependsOn: ["nightly"], in: 1 }))).toEqual([
			"validation_failed",
			"dependsOn.0",
		]);
		const many = Array.from({ length: LIMITS.dependencies + 1 }, (_, seq) =>
			ids.timer({ shard: 0, seq: seq + 1 }),
		);
		expect(refused(read({ dependsOn: many, in: 1 }))).toEqual(["validation_failed", "dependsOn"]);
	});

	it.each(["dependsOn", "depends_on", "dependencies"])(
		"[CHAIN-5] cannot be changed by %s",
		(name) => {
			expect(refused(readPatch({ [name]: [A] }))[0]).toBe("validation_failed");
		},
	);
});

describe("a timer that takes another's place", () => {
	it.each(["replace", "merge"])("[CHAIN-33] by %s cannot name what it waits for", (mode) => {
		const dedupe = { key: "k", mode };
		expect(refused(read({ in: 1, dedupe, dependsOn: [A] }))).toEqual([
			"validation_failed",
			"dependsOn",
		]);
		expect(refused(read({ in: 1, dedupe, temporalGraph: { nodes: [{ id: "a" }] } }))).toEqual([
			"validation_failed",
			"temporalGraph",
		]);
	});
});

describe("the end of a dependency", () => {
	const ENDS: readonly DependencyEnd[] = ["settled", "failed", "cancelled", "skipped", "deleted"];

	it("[CHAIN-6] satisfies success, failure, or always any", () => {
		const table = ENDS.map((end) => DEPENDENCY_CONDITIONS.map((on) => isSatisfied(on, end)));
		expect(table).toEqual([
			[true, false, true],
			[false, true, true],
			[false, false, true],
			[false, false, true],
			[false, false, true],
		]);
		for (const on of DEPENDENCY_CONDITIONS) expect(conditionOf(conditionCode(on))).toBe(on);
	});

	it("[CHAIN-7] releases no dependent before the end, nor before its instant, nor past the calendar", () => {
		fc.assert(
			fc.property(
				fc.nat(),
				fc.option(fc.nat(), { nil: undefined }),
				fc.nat(),
				(ready, delay, at) => {
					const due = releasedDue(ready, delay, at);
					expect(due).toBeGreaterThanOrEqual(ready);
					expect(due).toBe(delay === undefined ? Math.max(ready, at) : ready + delay);
				},
			),
		);
		expect(releasedDue(LIMITS.instantMax, 5, 0)).toBe(LIMITS.instantMax);
	});
});

describe("a dependent as it is shown", () => {
	it("[CHAIN-8] has no instant and its whole delay before it while it is pending", () => {
		const { doc } = accepted(read({ dependsOn: [A], in: "5s" }));
		const standing = { status: "pending", version: 1, cancelReason: null } as const;
		const state = createdState(NOW, NO_INSTANT, standing);
		const id = ids.timer({ shard: 0, seq: 9 });
		expect(renderTimer(id, "acme", doc, state, NOW + 60_000)).toMatchObject({
			status: "pending",
			at: null,
			nextFireAt: null,
			timeRemainingMs: 5_000,
			progress: 0,
			dependsOn: [{ timer: A, on: "success" }],
		});
	});

	it("[CHAIN-9] has gone the part of its delay that has passed since it was released", () => {
		const { doc } = accepted(read({ dependsOn: [A], in: "5s" }));
		const state = createdState(NOW, NOW + 65_000);
		const id = ids.timer({ shard: 0, seq: 9 });
		expect(renderTimer(id, "acme", doc, state, NOW + 61_000)).toMatchObject({
			timeRemainingMs: 4_000,
			progress: 0.2,
		});
	});
});
