/** The job's summary: a heading and a table, without secrets, and nothing of it taken for HTML. */
import * as core from "@actions/core";
import type { Secrets } from "./secrets.ts";

export type Row = {
	readonly head: string;
	readonly text: string;
	readonly as?: "code" | "link";
};

const HEADING_LEVEL = 3;

export async function writeSummary(
	headline: string,
	rows: readonly Row[],
	secrets: Secrets,
): Promise<void> {
	if (!process.env["GITHUB_STEP_SUMMARY"]) return; // older servers of GitHub Enterprise have none
	const html = (text: string) => escapeHtml(secrets.clear(text));
	const cells = rows.map(({ head, text, as }) => [
		{ data: html(head), header: true },
		{ data: wrap(html(text), as) },
	]);
	core.summary.addHeading(html(headline), HEADING_LEVEL).addTable(cells);
	await core.summary.write();
}

function wrap(html: string, as: Row["as"]): string {
	if (as === "code") return `<code>${html}</code>`;
	return as === "link" ? `<a href="${html}">${html}</a>` : html;
}

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
};

/** Behind an empty line, Markdown would begin again in the middle of a table. */
const BREAK = /\r\n|[\n\r]/g;

function escapeHtml(text: string): string {
	return text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char).replaceAll(BREAK, "<br>");
}
