import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { ERROR_CODES } from "../../../src/contract/error.ts";
import type { JsonObject } from "../../../src/contract/json.ts";
import { openApiDocument } from "../../../src/http/openapi/document.ts";
import { listOf, objectOf, textOf } from "../../../src/http/openapi/json-access.ts";
import { routesOf } from "../../../src/http/routes/all.ts";

/** All there are: what a deployment lacks is described as well where it is offered. */
const ROUTES = routesOf({ DEV_CLOCK: "on" });

const document = openApiDocument(ROUTES);

const OPERATIONS = Object.entries(objectOf(document["paths"])).flatMap(([path, item]) =>
	Object.entries(objectOf(item)).map(([method, operation]) => ({
		name: `${method.toUpperCase()} ${path}`,
		operation: objectOf(operation),
	})),
);

it("[OAPI-1] is valid OpenAPI 3.1 by a validator that is not ours", async () => {
	const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
	expect(result).toEqual({ valid: true });
	expect(document["openapi"]).toBe("3.1.0");
});

it("[OAPI-2] describes every route that is not hidden, and nothing else", () => {
	const declared = ROUTES.filter((route) => route.hidden !== true).map(
		(route) => `${route.method} ${route.path.replace(/:(\w+)/g, "{$1}")}`,
	);
	expect(OPERATIONS.map(({ name }) => name).sort()).toEqual(declared.sort());
	expect(JSON.stringify(document)).not.toContain("/internal/");
});

it("[OAPI-2] every reference leads somewhere, and every operation has an id of its own", () => {
	const references = new Set(JSON.stringify(document).match(/"#\/components\/[^"]+"/g));
	expect(references.size).toBeGreaterThan(20);
	for (const reference of references) {
		const steps = JSON.parse(reference).slice(2).split("/");
		const found = steps.reduce((at: JsonObject, step: string) => objectOf(at[step]), document);
		expect(Object.keys(found), reference).not.toEqual([]);
	}
	const ids = OPERATIONS.map(({ operation }) => operation["operationId"]);
	expect(new Set(ids).size).toBe(ids.length);
});

it("[OAPI-2] every POST says what an Idempotency-Key does to it", () => {
	const silent = ROUTES.filter(
		(route) => route.method === "POST" && route.idempotency === undefined,
	).map((route) => route.path);
	expect(silent).toEqual([]);
});

it("[OAPI-2] a route that honours If-Match says so, and only such a one", () => {
	const answering412 = ROUTES.filter(({ problems }) => problems?.includes("precondition_failed"));
	expect(answering412.length).toBeGreaterThan(0);
	expect(ROUTES.filter(({ request }) => request?.ifMatch)).toEqual(answering412);
});

/** Anyone may call it, and what it takes in its body is refused like a key. */
const TAKES_TOKEN = "POST /v1/tokens";

it.each(OPERATIONS)(
	"[OAPI-2] $name says who may call and how it can fail",
	({ name, operation }) => {
		const responses = objectOf(operation["responses"]);
		expect(Object.keys(responses)).toEqual(expect.arrayContaining(["500", "503"]));
		const needsKey = listOf(operation["security"]).length > 0;
		expect("401" in responses).toBe(needsKey || name === TAKES_TOKEN);
		if (operation["requestBody"] !== undefined) {
			expect(Object.keys(responses)).toEqual(expect.arrayContaining(["400", "413", "415", "422"]));
		}
	},
);

const REQUEST_EXAMPLES = ROUTES.filter(({ request }) => request?.example !== undefined);
it.each(REQUEST_EXAMPLES)(
	"[OAPI-3] the request example of $method $path is valid",
	({ request }) => {
		const { body, batch, example } = request ?? {};
		if (body !== undefined) expect(body.safeParse(example).error).toBeUndefined();
		if (batch === undefined) return;
		const items = listOf(JSON.parse(JSON.stringify(example))[batch.field]);
		expect(items.length).toBeGreaterThan(0);
		for (const item of items) expect(batch.item.safeParse(item).error).toBeUndefined();
	},
);

const ANSWER_EXAMPLES = ROUTES.flatMap((route) =>
	Object.entries(route.responses).map(([status, answer]) => ({
		name: `${route.method} ${route.path} ${status}`,
		answer,
	})),
).filter(({ answer }) => answer.example !== undefined);
it.each(ANSWER_EXAMPLES)("[OAPI-3] the answer example of $name is valid", ({ answer }) => {
	expect(answer.schema?.safeParse(answer.example).error).toBeUndefined();
	expect(answer.schema).toBeDefined();
});

it("[OAPI-4] its description says what holds for every call, and names every problem", () => {
	const text = textOf(objectOf(document["info"])["description"]);
	for (const code of Object.keys(ERROR_CODES)) expect(text).toContain(`| \`${code}\` |`);
	for (const title of ["Samples", "Keys", "Bodies", "Idempotency", "Limits", "Tracing"]) {
		expect(text).toContain(`# ${title}\n`);
	}
});
