/** The circuit's truth table, and what must hold whatever happens in whatever order. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	admit,
	type Circuit,
	CLOSED,
	FAILING_MS,
	FAILURES_TO_OPEN,
	type HealthReport,
	note,
	OPEN_MS,
	OPEN_MS_MAX,
	openMs,
	PROBE_MARGIN_MS,
	verdictOf,
} from "../../../src/core/circuit.ts";

const NOW = Date.UTC(2026, 10, 21);
const TIMEOUT_MS = 10_000;

function told(report: Partial<HealthReport>): HealthReport {
	return { hasRecovered: false, failures: 0, probe: null, ...report };
}

const failing = (failures: number, since = NOW - FAILING_MS): Circuit => ({
	kind: "closed",
	failures,
	since,
});
const open = (openings: number, until: number): Circuit => ({ kind: "open", openings, until });
const halfOpen = (openings: number, until: number): Circuit => ({
	kind: "half_open",
	openings,
	until,
});

describe("asked", () => {
	it.each([
		["closed", CLOSED, { kind: "closed", isAiling: false }],
		["closed after failures", failing(3), { kind: "closed", isAiling: true }],
		["open", open(1, NOW + 1), { kind: "open", until: NOW + 1 }],
		["with a probe under way", halfOpen(1, NOW + 60_000), { kind: "open", until: NOW + 2_000 }],
		["with a probe that ends soon", halfOpen(1, NOW + 5), { kind: "open", until: NOW + 5 }],
	] as const)("[HEALTH-1] %s, it changes nothing", (_, circuit, verdict) => {
		expect(admit(circuit, NOW, TIMEOUT_MS)).toEqual({ circuit, verdict });
		expect(verdictOf(circuit, NOW)).toEqual(verdict);
	});

	it.each([
		["open past its time", open(3, NOW)],
		["whose probe is overdue", halfOpen(3, NOW)],
	])("[HEALTH-3] %s, it lets the asker go as the probe", (_, circuit) => {
		expect(admit(circuit, NOW, TIMEOUT_MS)).toEqual({
			circuit: halfOpen(3, NOW + TIMEOUT_MS + PROBE_MARGIN_MS),
			verdict: { kind: "probe" },
		});
	});
});

describe("told of failures", () => {
	const last = FAILURES_TO_OPEN - 1;
	it.each([
		["the first", CLOSED, told({ failures: 1 }), failing(1, NOW)],
		["so many at once", CLOSED, told({ failures: 500 }), failing(500, NOW)],
		["one too few", failing(last - 1), told({ failures: 1 }), failing(last)],
		["too soon", failing(last, NOW - 1), told({ failures: 1 }), failing(last + 1, NOW - 1)],
		["after a success", failing(last), told({ hasRecovered: true, failures: 1 }), failing(1, NOW)],
		["enough, for long enough", failing(last), told({ failures: 1 }), open(1, NOW + OPEN_MS)],
		["while it is open", open(2, NOW + 9), told({ failures: 50 }), open(2, NOW + 9)],
		[
			"while a probe is under way",
			halfOpen(2, NOW + 9),
			told({ failures: 50 }),
			halfOpen(2, NOW + 9),
		],
	] as const)("[HEALTH-1] %s", (_, circuit, report, after) => {
		expect(note(circuit, report, NOW)).toEqual(after);
	});

	it("[HEALTH-1] told of a success, it forgets the failures before", () => {
		expect(note(failing(9), told({ hasRecovered: true }), NOW)).toEqual(CLOSED);
	});
});

describe("told of a probe", () => {
	it.each([
		["passed", halfOpen(4, NOW + 9), "passed", CLOSED],
		["passed, late", open(4, NOW + 9), "passed", CLOSED],
		["failed", halfOpen(1, NOW + 9), "failed", open(2, NOW + 2 * OPEN_MS)],
		[
			"failed for the hundredth time",
			halfOpen(99, NOW + 9),
			"failed",
			open(100, NOW + OPEN_MS_MAX),
		],
		["failed, late", open(2, NOW + 9), "failed", open(2, NOW + 9)],
		["failed, after another passed", CLOSED, "failed", failing(1, NOW)],
		["never sent", halfOpen(2, NOW + 9), "unused", open(2, NOW)],
	] as const)("[HEALTH-3] that %s", (_, circuit, probe, after) => {
		expect(note(circuit, told({ probe }), NOW)).toEqual(after);
	});
});

it("[HEALTH-2] each opening in a row lasts twice as long, up to five minutes", () => {
	expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map(openMs)).toEqual(
		[5, 10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1_000),
	);
});

describe("whatever happens", () => {
	const step = fc.record({
		passMs: fc.integer({ min: 0, max: 20_000 }),
		does: fc.oneof(
			fc.constant("ask" as const),
			fc.record({
				hasRecovered: fc.boolean(),
				failures: fc.integer({ min: 0, max: 12 }),
				probe: fc.constantFrom(null, "passed" as const, "failed" as const, "unused" as const),
			}),
		),
	});

	it("[HEALTH-3] one probe is under way at a time, and a closed circuit needs a probe that passed", () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				let circuit = CLOSED;
				let now = NOW;
				let probeUntil = 0;
				for (const { passMs, does } of steps) {
					now += passMs;
					const before = circuit;
					if (does === "ask") {
						const asked = admit(circuit, now, TIMEOUT_MS);
						circuit = asked.circuit;
						if (asked.verdict.kind === "probe") {
							expect(now).toBeGreaterThanOrEqual(probeUntil);
							probeUntil = now + TIMEOUT_MS + PROBE_MARGIN_MS;
						}
						if (asked.verdict.kind === "open") expect(asked.verdict.until).toBeGreaterThan(now);
						if (before.kind !== "closed") expect(circuit.kind).not.toBe("closed");
						continue;
					}
					circuit = note(circuit, does, now);
					// Only the end of a probe makes room for another.
					if (does.probe !== null) probeUntil = 0;
					if (circuit.kind === "open") {
						expect(circuit.until).toBeLessThanOrEqual(now + OPEN_MS_MAX);
					}
					if (before.kind !== "closed" && circuit.kind === "closed") {
						expect(does.probe).toBe("passed");
					}
				}
			}),
		);
	});

	it("[HEALTH-1] it opens after as many failures in a row as that, over as long, and not before", () => {
		const report = fc.record({
			passMs: fc.integer({ min: 0, max: 4_000 }),
			hasRecovered: fc.boolean(),
			failures: fc.integer({ min: 0, max: 4 }),
		});
		fc.assert(
			fc.property(fc.array(report, { maxLength: 40 }), (reports) => {
				let circuit = CLOSED;
				let now = NOW;
				let run: number[] = [];
				for (const { passMs, hasRecovered, failures } of reports) {
					now += passMs;
					circuit = note(circuit, told({ hasRecovered, failures }), now);
					if (hasRecovered) run = [];
					run.push(...Array<number>(failures).fill(now));
					const isIll = run.length >= FAILURES_TO_OPEN && now - (run[0] ?? now) >= FAILING_MS;
					expect(circuit.kind === "open").toBe(isIll && failures > 0);
					if (circuit.kind === "open") return;
				}
			}),
		);
	});
});
