/** A page of two sentences, for the person whom Slack sends here. */
import { type Ok, ok } from "../../core/result.ts";
import type { Reply } from "../reply.ts";

/** The page loads nothing and is framed nowhere. */
const HEADERS = {
	"content-security-policy":
		"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
	"referrer-policy": "no-referrer",
} as const;

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

export function page(status: number, heading: string, text: string): Ok<Reply> {
	const content = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(heading)}</title>
<style>body{font:1.1rem/1.5 system-ui;max-width:34rem;margin:15vh auto;padding:0 1rem}</style>
<h1>${escapeHtml(heading)}</h1><p>${escapeHtml(text)}</p></html>
`;
	return ok({
		status,
		body: undefined,
		text: { type: "text/html; charset=utf-8", content },
		headers: HEADERS,
	});
}
