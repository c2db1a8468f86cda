/**
 * Reads the README and the guides as a test does: their code blocks, and the mark that may stand in
 * an HTML comment just above a block. It runs nothing. The marks:
 *
 * | mark | what the test does with the block below |
 * |---|---|
 * | none | runs it; it must succeed, and a call that the network refuses is a failure |
 * | `test: prints "text"` | runs it; its output must hold the text |
 * | `test: refused "text"` | runs it; the network must refuse the call with a body that holds the text |
 * | `test: start "text"` | starts it beside the others, and goes on when its output holds the text |
 * | `test: output "text"` | the block is output: a program started on this page must print the text |
 * | `test: stopped` | runs it while the network is stopped |
 * | `test: dry-run` | runs `wrangler deploy` as `wrangler deploy --dry-run` |
 * | `test: syntax (why)` | does not run it, but asks wrangler whether it knows the commands |
 * | `test: skip (why)` | does not run it |
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../../..");

const RUN_LANGUAGES = ["sh", "js", "ts"] as const;
const OTHER_LANGUAGES = ["json", "text", "sql", "yaml"];
const QUOTED_MARKS = ["prints", "refused", "start", "output"] as const;
const REASONED_MARKS = ["syntax", "skip"] as const;

export type Mark =
	| { readonly kind: (typeof QUOTED_MARKS)[number]; readonly text: string }
	| { readonly kind: (typeof REASONED_MARKS)[number]; readonly reason: string }
	| { readonly kind: "run" | "stopped" | "dry-run" };

export type Block = {
	/** Where it begins, as `path:line`. */
	readonly at: string;
	readonly language: string;
	readonly code: string;
	readonly mark: Mark;
};

export type Page = {
	readonly path: string;
	readonly text: string;
	readonly blocks: readonly Block[];
};

/** Every page of the tree's root and of `docs`. */
export function readPages(): Page[] {
	return [...namesIn("."), ...namesIn("docs", true)].map(readPage);
}

/** Whether a test types what the page says: the README and the guides. */
export function isManual({ path }: Page): boolean {
	return path === "README.md" || path.startsWith("docs/guides/");
}

function namesIn(folder: string, recursive = false): string[] {
	const names = readdirSync(join(ROOT, folder), { recursive, encoding: "utf8" });
	return names.filter((name) => name.endsWith(".md")).map((name) => join(folder, name));
}

function readPage(path: string): Page {
	const text = readFileSync(join(ROOT, path), "utf8");
	return { path, text, blocks: readBlocks(path, text) };
}

/** Whether a test runs the block as it stands. */
export function isRun({ language, mark }: Block): boolean {
	return RUN_LANGUAGES.some((one) => one === language) && !("reason" in mark);
}

export function readBlocks(path: string, text: string): Block[] {
	const blocks: Block[] = [];
	const lines = text.split("\n");
	let above = "";
	for (let index = 0; index < lines.length; index++) {
		const line = lines[index] ?? "";
		if (!line.startsWith("```")) {
			if (line.trim() !== "") above = line;
			continue;
		}
		const end = lines.indexOf("```", index + 1);
		const at = `${path}:${index + 1}`;
		if (end === -1) throw new Error(`${at}: the block does not end`);
		const language = line.slice(3).trim();
		const code = lines.slice(index + 1, end).join("\n");
		if (!isKnown(language)) throw new Error(`${at}: what should be done with "${language}"?`);
		blocks.push({ at, language, code, mark: readMark(at, lines[index - 1] ?? "", above) });
		above = "";
		index = end;
	}
	return blocks;
}

function isKnown(language: string): boolean {
	return [...RUN_LANGUAGES, ...OTHER_LANGUAGES].includes(language);
}

function readMark(at: string, lineAbove: string, above: string): Mark {
	const comment = /^<!-- test: (.*) -->$/.exec(lineAbove)?.[1];
	if (comment === undefined) {
		if (above.startsWith("<!-- test:"))
			throw new Error(`${at}: a mark stands right above its block`);
		return { kind: "run" };
	}
	const [, word = "", rest = ""] = /^(\S+) ?(.*)$/.exec(comment) ?? [];
	const quoted = QUOTED_MARKS.find((kind) => kind === word);
	const text = /^"(.+)"$/.exec(rest)?.[1];
	if (quoted !== undefined && text !== undefined) return { kind: quoted, text };
	const reasoned = REASONED_MARKS.find((kind) => kind === word);
	const reason = /^\((.+)\)$/.exec(rest)?.[1];
	if (reasoned !== undefined && reason !== undefined) return { kind: reasoned, reason };
	if (comment === "stopped" || comment === "dry-run") return { kind: comment };
	throw new Error(`${at}: the mark "${comment}" is not one of those that test/e2e/docs knows`);
}
