/**
 * Runs the published cases of cron and RFC 5545 that lie beside the repository through every
 * engine, and prints how many each gets right: `node bench/recurrence/compare.ts`. The table is in
 * docs/decisions/0007-recurrence-libraries.md.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	CRON_ENGINES,
	type CronRule,
	type Engine,
	type Next,
	type Recurrence,
	RULE_ENGINES,
} from "./engines.ts";

const VECTORS = join(import.meta.dirname, "../../../shared/vectors");
/** An answer that takes longer is no answer. */
const ANSWER_MS_MAX = 1_000;

type CronCase = {
	readonly expr: string;
	readonly tz: string;
	readonly op: string;
	readonly inclusive: boolean;
	readonly from: string;
	readonly expected: readonly (string | null)[];
};
type RuleCase = {
	readonly rrule: string;
	readonly dtstart: string;
	readonly tzid: string;
	readonly op: string;
	readonly rdate: readonly string[];
	readonly exdate: readonly string[];
	readonly complete: boolean;
	readonly expectedUtc: readonly string[];
};
type Tally = { right: number; wrong: number; refused: number; slow: number };

const crons: { vectors: CronCase[] } = load("cron/vectors.json");
const validity: { vectors: { expr: string; valid: boolean }[] } = load("cron/validity.json");
const rules: { vectors: RuleCase[] } = load("rrule/vectors.json");
const invalid: { rrule?: string }[] = load("rrule/invalid.json");

for (const engine of CRON_ENGINES) {
	const tally = { right: 0, wrong: 0, refused: 0, slow: 0 };
	for (const { expr, tz, op, inclusive, from, expected } of crons.vectors) {
		const wanted = expected.flatMap((text) => (text === null ? [] : Date.parse(text)));
		const rule = { cron: expr, timezone: tz };
		const start = Date.parse(from) - (inclusive ? 1 : 0);
		if (op === "next" && wanted.length > 0) judge(tally, engine, rule, start, wanted, false);
	}
	const valid = validity.vectors.filter(
		({ expr, valid }) => isRead(engine, { cron: expr, timezone: "UTC" }) === valid,
	);
	print("cron", engine.name, tally, `validity ${valid.length} of ${validity.vectors.length}`);
}
for (const engine of RULE_ENGINES) {
	const tally = { right: 0, wrong: 0, refused: 0, slow: 0 };
	for (const { rrule, dtstart, tzid, op, rdate, exdate, complete, expectedUtc } of rules.vectors) {
		if (op !== "all" || rdate.length + exdate.length > 0) continue;
		const wanted = expectedUtc.map((text) => Date.parse(text));
		const rule = { rrule, dtstart, timezone: tzid };
		judge(tally, engine, rule, Date.UTC(1900, 0, 1), wanted, complete);
	}
	const texts = invalid.flatMap(({ rrule }) => rrule ?? []);
	const rule = { dtstart: "2024-01-01T09:00:00", timezone: "UTC" };
	const refused = texts.filter((rrule) => !isRead(engine, { rrule, ...rule }));
	print("rules", engine.name, tally, `refuses ${refused.length} of ${texts.length} invalid ones`);
}

function judge<R extends CronRule | Recurrence>(
	tally: Tally,
	engine: Engine<R>,
	rule: R,
	from: number,
	wanted: readonly number[],
	complete: boolean,
): void {
	try {
		const found = list(engine.read(rule), from, wanted.length + (complete ? 1 : 0));
		if (found === undefined) tally.slow += 1;
		else if (JSON.stringify(found) === JSON.stringify(wanted)) tally.right += 1;
		else tally.wrong += 1;
	} catch {
		// How each of them says no.
		tally.refused += 1;
	}
}

function list(next: Next, from: number, count: number): number[] | undefined {
	const found: number[] = [];
	let after: number | null = from;
	while (found.length < count) {
		const startedAt = performance.now();
		after = next(after);
		if (performance.now() - startedAt > ANSWER_MS_MAX) return undefined;
		if (after === null) break;
		found.push(after);
	}
	return found;
}

function isRead<R>(engine: Engine<R>, rule: R): boolean {
	try {
		engine.read(rule);
		return true;
	} catch {
		return false;
	}
}

function print(kind: string, name: string, tally: Tally, more: string): void {
	const { right, wrong, refused, slow } = tally;
	const counts = `${right} right, ${wrong} wrong, ${refused} refused, ${slow} over 1 s`;
	process.stdout.write(`${kind}: ${name}: ${counts}; ${more}\n`);
}

function load<T>(name: string): T {
	return JSON.parse(readFileSync(join(VECTORS, name), "utf8"));
}
