/**
 * What people type and what is made of it: the specification of phrases by example, read from a
 * text with a line for each. Used by `phrases.test.ts` here and in workerd.
 */
import type { ScheduleInput } from "../../../src/contract/schedule.ts";

export type PhraseCase = readonly [
	phrase: string,
	expected:
		| {
				readonly inMs?: number;
				/** On the clock of the asker's zone. */
				readonly local?: string;
				/** The same instant. */
				readonly utc?: string;
				readonly schedule?: ScheduleInput;
				readonly note?: string;
				readonly told?: string;
		  }
		| { readonly understood?: string; readonly problem: string },
];

interface PhraseGroup {
	readonly title: string;
	readonly zone: string;
	readonly now: string;
	readonly cases: readonly PhraseCase[];
}

const files = import.meta.glob("../../fixtures/slack/phrases.txt", {
	query: "?raw",
	import: "default",
	eager: true,
});
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };

const [text] = Object.values(files);
if (text === undefined) throw new Error("test/fixtures/slack/phrases.txt is gone");
export const PHRASES: readonly PhraseGroup[] = text.split(/^## /m).slice(1).map(readGroup);

function readGroup(text: string): PhraseGroup {
	const [title = "", place = "", ...lines] = text.split("\n");
	const [zone = "", now = ""] = place.split(" ");
	return { title, zone, now, cases: lines.filter((line) => line !== "").map(readLine) };
}

/** The columns of a line stand two spaces or more apart. */
function readLine(line: string): PhraseCase {
	const [phrase = "", ...columns] = line.split(/ {2,}/);
	// The tests compare every field: one that is not of this type is found there.
	return [phrase, Object.assign({}, ...columns.map(readColumn)) as PhraseCase[1]];
}

function readColumn(column: string): object {
	const named = /^(note|told|understood|problem): (.+)$/.exec(column);
	if (named !== null) return { [named[1] ?? ""]: named[2] };
	if (column.startsWith("{")) return { schedule: JSON.parse(column) };
	const instant = /^(.+) = (.+)$/.exec(column);
	if (instant !== null) return { local: instant[1], utc: instant[2] };
	const duration = /^in ((?:\d+[hms])+)$/.exec(column)?.[1];
	if (duration === undefined) throw new Error(`not a meaning of a phrase: ${column}`);
	const parts = [...duration.matchAll(/(\d+)([hms])/g)];
	const inMs = parts.reduce((sum, [, n, unit]) => sum + Number(n) * (UNIT_MS[unit ?? ""] ?? 0), 0);
	return { inMs };
}
