/**
 * Holds SPEC.md and the tests together: every rule has a test whose name starts with its id, and
 * every id that a test names is a rule. Part of `npm run check`.
 */
import { readFileSync } from "node:fs";
import { fromRoot, projectFiles } from "./project-files.ts";

/** A rule: `- **RETRY-3** …` */
const RULE = /^- \*\*([A-Z][A-Z0-9]*-\d+)\*\*/gm;
/** The beginning of a test's name: one id or several, each in brackets. */
const TEST_NAME = /["'`]((?:\[[A-Z][A-Z0-9]*-\d+\]\s*)+)/g;
const ID = /[A-Z][A-Z0-9]*-\d+/g;

const rules = [...read("SPEC.md").matchAll(RULE)].map(([, id = ""]) => id);
const tested = new Map<string, string>();
for (const file of projectFiles("test/**/*.test.ts", "packages/*/**/*.test.ts")) {
	for (const [, ids = ""] of read(file).matchAll(TEST_NAME)) {
		for (const id of ids.match(ID) ?? []) tested.set(id, file);
	}
}

const known = new Set(rules);
const complaints = [
	...duplicatesOf(rules).map((id) => `${id} stands in SPEC.md twice`),
	...rules.filter((id) => !tested.has(id)).map((id) => `${id} has no test`),
	...[...tested]
		.filter(([id]) => !known.has(id))
		.map(([id, file]) => `${id} in ${file} is no rule`),
];
for (const complaint of complaints) console.error(complaint);
console.log(`${known.size} rules, ${tested.size} with tests`);
if (complaints.length > 0) process.exitCode = 1;

function read(path: string): string {
	return readFileSync(fromRoot(path), "utf8");
}

function duplicatesOf(ids: readonly string[]): readonly string[] {
	return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}
