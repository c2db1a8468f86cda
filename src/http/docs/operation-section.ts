/** One call of the API as a section of the reference. */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { listOf, objectOf, textOf } from "../openapi/json-access.ts";
import { element, escapeHtml, prose, table } from "./html.ts";
import { notesOf, schemaTable, typeOf } from "./schema-table.ts";

/** Headers that every call takes; the introduction names them once. */
const EVERYWHERE = ["X-Request-Id", "traceparent"];

export function operationSection(method: string, path: string, operation: JsonObject): string {
	const id = textOf(operation["operationId"]);
	const call = `<b>${method.toUpperCase()}</b> ${escapeHtml(path)}`;
	return element(
		"section",
		[
			element("h3", prose(textOf(operation["summary"]))),
			element("p", element("code", call, { class: "call" })),
			element("p", prose(textOf(operation["description"]))),
			element("p", `<small>${authOf(operation)}</small>`),
			parametersOf(operation),
			requestOf(operation),
			responsesOf(operation),
		].join("\n"),
		{ id },
	);
}

function authOf(operation: JsonObject): string {
	const needed = listOf(operation["security"]).map(objectOf);
	if (needed.length === 0) return "No key needed.";
	const scopes = needed.flatMap((one) => listOf(one["tenantKey"]).map(textOf));
	const tenant = scopes.map((scope) => `a key with ${element("code", escapeHtml(scope))}`);
	const operator = needed.some((one) => "operatorKey" in one) ? ["the operator's key"] : [];
	return `Needs ${[...tenant, ...operator].join(" or ")}.`;
}

function parametersOf(operation: JsonObject): string {
	const rows = listOf(operation["parameters"])
		.map(objectOf)
		.flatMap((parameter) => {
			const shared = textOf(parameter["$ref"]).split("/").at(-1) ?? "";
			if (EVERYWHERE.includes(shared)) return [];
			if (shared !== "") return [[`<code>${escapeHtml(shared)}</code>`, "header", "string", ""]];
			const note = parameter["required"] === true ? "" : " <small>optional</small>";
			const name = `<code>${escapeHtml(textOf(parameter["name"]))}</code>${note}`;
			const schema = objectOf(parameter["schema"]);
			return [[name, textOf(parameter["in"]), typeOf(schema), notesOf(schema)]];
		});
	return rows.length === 0 ? "" : table(["parameter", "in", "type", ""], rows);
}

function requestOf(operation: JsonObject): string {
	const content = objectOf(objectOf(operation["requestBody"])["content"]);
	return Object.entries(content)
		.map(([type, body]) => `<h4>Request, ${escapeHtml(type)}</h4>\n${bodyOf(objectOf(body))}`)
		.join("\n");
}

function responsesOf(operation: JsonObject): string {
	const responses = Object.entries(objectOf(operation["responses"]));
	const answers = responses.filter(([status]) => Number(status) < 400).map(answerOf);
	const problems = responses
		.filter(([status]) => Number(status) >= 400)
		.map(([status, value]) => [status, prose(textOf(objectOf(value)["description"]))]);
	const list = element(
		"details",
		`<summary>Problems</summary>${table(["status", "code"], problems)}`,
	);
	return [...answers, list].join("\n");
}

function answerOf([status, value]: readonly [string, JsonValue]): string {
	const answer = objectOf(value);
	const body = Object.values(objectOf(answer["content"])).map((one) => bodyOf(objectOf(one)));
	return `<h4>${status} ${prose(textOf(answer["description"]))}</h4>\n${body.join("\n")}`;
}

function bodyOf(content: JsonObject): string {
	const shape = schemaTable(objectOf(content["schema"]));
	const { example } = content;
	if (example === undefined) return shape;
	const text = escapeHtml(JSON.stringify(example, null, 2));
	return `${shape}\n<pre>${text}</pre>`;
}
