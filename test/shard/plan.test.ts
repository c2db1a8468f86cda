import { describe, it } from "vitest";
import { createStore } from "../../durable-objects/tenant-shard/store.ts";
import { newShard, timerOf } from "./harness.ts";

/**
 * Statements that read a table with at most a few rows from its start; of topics there are 1,000, and
 * they are looked through only when there is a new one; calendars only after one has changed.
 */
const SMALL_TABLES = /SCAN (claim|job|topic|calendar)\b|^deleteOldTopics/;

describe("query plans", () => {
	it("[COST-3] every statement seeks by a key or an index, and none sorts", async ({ expect }) => {
		const shard = newShard();
		await shard.stub().create(shard.call, timerOf(Date.now() + 9e9), null);
		const plans = await shard.inside((storage) =>
			Object.entries(createStore(storage)).flatMap(([name, statement]) => {
				if (!("text" in statement)) return [];
				const places: readonly string[] = statement.text.match(/\?\d*/g) ?? [];
				// A place with a number is one value, however often it stands there.
				const values = places.filter((place, i) => place === "?" || places.indexOf(place) === i);
				return storage.sql
					.exec(`EXPLAIN QUERY PLAN ${statement.text}`, ...values.map(() => 1))
					.toArray()
					.map((row) => `${name}: ${String(row["detail"])}`);
			}),
		);
		expect(plans.length).toBeGreaterThan(20);
		const slow = plans.filter((plan) => {
			if (SMALL_TABLES.test(plan)) return false;
			const isScan = /\bSCAN (?!CONSTANT)/.test(plan);
			// `newest…`, `oldest…`, `first…` and `countDue` read from one end of the key, as far as their LIMIT goes.
			const isBounded = /^newest|^oldest|^first|: SCAN \(subquery/.test(plan);
			return (isScan && !isBounded) || plan.includes("TEMP B-TREE");
		});
		expect(slow).toEqual([]);
		const seeks = plans.filter((plan) => /^dueTimers: SEARCH/.test(plan));
		expect(seeks).toEqual([
			"dueTimers: SEARCH timer USING INDEX timer_due (lane=? AND due=? AND rowid>?)",
			"dueTimers: SEARCH timer USING INDEX timer_due (lane=? AND due>? AND due<?)",
		]);
	});
});
