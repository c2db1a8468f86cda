import { describe, expect, it } from "vitest";
import { readWorkerConfig } from "../../../scripts/build.ts";
import { readClockMove } from "../../../src/core/clock-move.ts";
import { TenantClock } from "../../../src/core/tenant-clock.ts";
import { DAY, HOUR } from "../../../src/core/units.ts";

const NOW = Date.UTC(2026, 11, 1, 9);

describe("how far time is moved", () => {
	it("[CLOCK-1] `advance` counts from the tenant's time, and `set` names the instant", () => {
		expect(readClockMove({ advance: "1d" }, NOW)).toEqual({ ok: true, value: NOW + DAY });
		expect(readClockMove({ advance: 5 }, NOW)).toEqual({ ok: true, value: NOW + 5 });
		const set = "2026-12-24T18:00:00Z";
		expect(readClockMove({ set }, NOW)).toEqual({ ok: true, value: Date.parse(set) });
		expect(readClockMove({ set: "2026-12-01T09:00:00Z" }, NOW)).toMatchObject({ ok: true });
	});

	it.each([
		[{}, "advance", "is missing: one of advance and set says how far"],
		[{ advance: "1d", set: "2027-01-01T00:00:00Z" }, "set", "one may say how far"],
		[{ advance: 0 }, "advance", "0"],
		[{ advance: "soon" }, "advance", "soon"],
		[{ set: "2026-12-01T08:59:59.999Z" }, "set", "time is not turned back"],
		[{ set: "tomorrow" }, "set", "tomorrow"],
		[{ advance: 8e15 }, "advance", "past the year 9999"],
	] as const)("[CLOCK-1] %j is refused", (move, path, message) => {
		const read = readClockMove(move, NOW);
		expect(read).toMatchObject({ ok: false, error: { path } });
		expect(read.ok ? "" : read.error.message).toContain(message);
	});
});

it("[CLOCK-14] a deployment's settings leave time alone", async () => {
	const { env } = await readWorkerConfig();
	expect(env?.["DEV_CLOCK"]).toMatchObject({ value: "off" });
});

describe("the tenant's clock", () => {
	it("[CLOCK-2] runs on with the real time, as far ahead as it was moved", () => {
		const clock = new TenantClock();
		expect(clock.now(NOW)).toBe(NOW);
		clock.runAhead(DAY);
		expect(clock.now(NOW + HOUR)).toBe(NOW + DAY + HOUR);
		expect(clock.aheadMs(NOW)).toBe(DAY);
	});

	it("[CLOCK-2] stands still while it is moved, and runs on from there", () => {
		const clock = new TenantClock();
		clock.stand(NOW + DAY, NOW);
		expect(clock.now(NOW + HOUR)).toBe(NOW + DAY);
		clock.go(NOW + HOUR);
		expect(clock.standsAt).toBeNull();
		expect(clock.now(NOW + 2 * HOUR)).toBe(NOW + DAY + HOUR);
	});

	it("[CLOCK-2] is never turned back", () => {
		const clock = new TenantClock();
		clock.stand(NOW - DAY, NOW);
		expect(clock.now(NOW)).toBe(NOW);
		clock.stand(NOW + DAY, NOW);
		clock.stand(NOW + HOUR, NOW);
		expect(clock.now(NOW)).toBe(NOW + DAY);
	});
});
