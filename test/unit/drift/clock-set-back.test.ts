/** What lasts for a while lasts no longer because the clock was set back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SetAside } from "../../../durable-objects/tenant-shard/claim/set-aside.ts";
import { admit, OPEN_MS_MAX, openMs } from "../../../src/core/circuit.ts";
import { ExpiringMap } from "../../../src/core/expiring-map.ts";
import { liesAhead } from "../../../src/core/lies-ahead.ts";
import { HOUR, MINUTE, SECOND } from "../../../src/core/units.ts";

const NOW = Date.UTC(2026, 11, 1);

describe("a clock that is set back", () => {
	it("[DRIFT-20] leaves nothing ahead for longer than it was set for", () => {
		const instants = fc.integer({ min: 0, max: 4e12 });
		fc.assert(
			fc.property(instants, fc.nat(HOUR), instants, (setAt, keptMs, now) => {
				const until = setAt + keptMs;
				const isAhead = liesAhead(until, keptMs, now);
				if (now >= until || now < setAt - SECOND) expect(isAhead).toBe(false);
				else expect(isAhead).toBe(true);
			}),
		);
	});

	it("[DRIFT-20] ends what is kept in memory", () => {
		const map = new ExpiringMap<string, number>(10);
		map.set("a", 1, NOW, MINUTE);
		expect(map.get("a", NOW - SECOND)).toBe(1);
		expect(map.get("a", NOW - 2 * SECOND)).toBeUndefined();
	});

	it("[DRIFT-20] keeps no circuit open for longer than it was opened for", () => {
		const open = { kind: "open", openings: 3, until: NOW + openMs(3) } as const;
		expect(admit(open, NOW, SECOND).verdict.kind).toBe("open");
		expect(admit(open, NOW - OPEN_MS_MAX - HOUR, SECOND).verdict.kind).toBe("probe");
	});

	it("[DRIFT-20] leaves no row at fault aside for longer than a minute", () => {
		const setAside = new SetAside();
		const row = { lane: 0, due: NOW, id: 1 };
		setAside.add(row, NOW);
		expect(setAside.takeBack(NOW + SECOND)).toEqual([]);
		expect(setAside.takeBack(NOW - HOUR)).toEqual([row]);
	});
});
