/**
 * The reference as one HTML page, rendered from the OpenAPI document: no scripts, nothing loaded from
 * elsewhere, so that it works wherever the network runs.
 */
import { createHash } from "node:crypto";
import { ERROR_CODES } from "../../contract/error.ts";
import type { JsonObject } from "../../contract/json.ts";
import { listOf, objectOf, textOf } from "../openapi/json-access.ts";
import { CONVENTIONS } from "./conventions.ts";
import { element, escapeHtml, prose, table } from "./html.ts";
import { operationSection } from "./operation-section.ts";
import { schemaTable } from "./schema-table.ts";
import { STYLE } from "./style.ts";

/** Nothing but the page's own style may load or run. */
export const DOCS_CONTENT_SECURITY_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

type Operation = { readonly method: string; readonly path: string; readonly operation: JsonObject };

export function docsPage(document: JsonObject): string {
	const operations = operationsOf(document);
	const tags = listOf(document["tags"]).map((tag) => textOf(objectOf(tag)["name"]));
	const schemas = Object.entries(objectOf(objectOf(document["components"])["schemas"]));
	const main = [
		element("h1", "Minoots"),
		...textOf(objectOf(document["info"])["description"])
			.split("\n\n")
			.map((paragraph) => element("p", prose(paragraph))),
		'<p><a href="/openapi.json">openapi.json</a></p>',
		element("h2", "Conventions", { id: "conventions" }),
		...CONVENTIONS.map(([title, text]) => `<h3>${title}</h3><p>${prose(text)}</p>`),
		...tags.map((tag) => tagSection(tag, operations)),
		element("h2", "Schemas", { id: "schemas" }),
		...schemas.map(([name, schema]) => schemaSection(name, objectOf(schema))),
		element("h2", "Problems", { id: "problems" }),
		problemTable(),
	];
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Minoots API</title>
<style>${STYLE}</style>
</head>
<body>
${element("nav", navigation(tags, operations))}
${element("main", main.join("\n"))}
</body>
</html>
`;
}

function operationsOf(document: JsonObject): readonly Operation[] {
	return Object.entries(objectOf(document["paths"])).flatMap(([path, item]) =>
		Object.entries(objectOf(item)).map(([method, value]) => ({
			method,
			path,
			operation: objectOf(value),
		})),
	);
}

function ofTag(tag: string, operations: readonly Operation[]): readonly Operation[] {
	return operations.filter(({ operation }) => listOf(operation["tags"]).includes(tag));
}

function tagSection(tag: string, operations: readonly Operation[]): string {
	const sections = ofTag(tag, operations).map(({ method, path, operation }) =>
		operationSection(method, path, operation),
	);
	return [element("h2", escapeHtml(tag), { id: `tag-${tag}` }), ...sections].join("\n");
}

function navigation(tags: readonly string[], operations: readonly Operation[]): string {
	const groups = tags.map((tag) => {
		const links = ofTag(tag, operations).map(({ operation }) =>
			element("li", link(textOf(operation["operationId"]), textOf(operation["summary"]))),
		);
		return `${element("li", link(`tag-${tag}`, tag))}<ul>${links.join("")}</ul>`;
	});
	const first = element("li", link("conventions", "Conventions"));
	const last = [link("schemas", "Schemas"), link("problems", "Problems")];
	return element("ul", [first, ...groups, ...last.map((one) => element("li", one))].join("\n"));
}

function link(id: string, text: string): string {
	return element("a", prose(text), { href: `#${id}` });
}

function schemaSection(name: string, schema: JsonObject): string {
	const text = [
		element("h3", escapeHtml(name)),
		element("p", prose(textOf(schema["description"]))),
		schemaTable(schema),
	];
	return element("section", text.join("\n"), { id: `schema-${name}` });
}

function problemTable(): string {
	const rows = Object.entries(ERROR_CODES).map(([code, { status, title }]) => [
		element("code", code, { id: `problem-${code}` }),
		String(status),
		escapeHtml(title),
	]);
	return table(["code", "status", "means"], rows);
}
