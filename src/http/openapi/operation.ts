/** One route as an OpenAPI operation. */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import type { Auth } from "../context.ts";
import { codeSamplesOf } from "../docs/samples/of-route.ts";
import type { Answer, Route } from "../route.ts";
import { parametersOf } from "./parameters.ts";
import { problemResponses } from "./problems.ts";
import type { SchemaComponents } from "./schemas.ts";

export function operationOf(route: Route, schemas: SchemaComponents): JsonObject {
	const body = requestBodyOf(route, schemas);
	return {
		operationId: operationIdOf(route),
		tags: [route.tag],
		summary: route.summary,
		...(route.description !== undefined && { description: route.description }),
		security: securityOf(route.auth),
		parameters: parametersOf(route, schemas),
		...(body !== undefined && { requestBody: body }),
		...codeSamplesOf(route),
		responses: { ...answersOf(route, schemas), ...problemResponses(route, schemas) },
	};
}

/** `/v1/timers/:id` as OpenAPI writes it. */
export function templatePathOf(path: string): string {
	return path.replace(/:(\w+)/g, "{$1}");
}

/** `POST /v1/timers/:id/cancel` → `postTimersIdCancel`. */
function operationIdOf({ method, path }: Route): string {
	const words = path.split(/[^a-z0-9]+/i).filter((word) => word !== "" && word !== "v1");
	return (
		method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("")
	);
}

function securityOf(auth: Auth): readonly JsonValue[] {
	if (auth === "public") return [];
	if (auth === "operator") return [{ operatorKey: [] }];
	if (auth === "anyKey") {
		return [{ tenantKey: [] }, { tenantKeyHeader: [] }, { operatorKey: [] }];
	}
	if ("operatorOr" in auth) return [{ operatorKey: [] }, ...tenantSecurity(auth.operatorOr)];
	return tenantSecurity(auth.scope);
}

function tenantSecurity(scope: string): readonly JsonValue[] {
	return [{ tenantKey: [scope] }, { tenantKeyHeader: [scope] }];
}

function requestBodyOf({ request }: Route, schemas: SchemaComponents): JsonObject | undefined {
	const example = request?.example === undefined ? {} : { example: toJson(request.example) };
	if (request?.batch !== undefined) {
		const { field, item, max } = request.batch;
		const items = {
			type: "array",
			items: schemas.describe(item, "input"),
			minItems: 1,
			maxItems: max,
		};
		const schema = { type: "object", properties: { [field]: items }, required: [field] };
		return {
			required: true,
			content: {
				"application/json": { schema, ...example },
				"application/x-ndjson": {
					schema: { type: "string", description: `One item of \`${field}\` a line` },
				},
			},
		};
	}
	if (request?.body === undefined) return undefined;
	return {
		required: request.bodyOptional !== true,
		content: {
			"application/json": { schema: schemas.describe(request.body, "input"), ...example },
			...textBodiesOf(request, schemas),
		},
	};
}

function textBodiesOf(
	{ texts = {} }: NonNullable<Route["request"]>,
	schemas: SchemaComponents,
): JsonObject {
	const bodies = Object.entries(texts).map(([type, { schema, description }]) => {
		const shape = schema === undefined ? { type: "string" } : schemas.describe(schema, "input");
		return [type, { schema: { ...shape, description } }];
	});
	return Object.fromEntries(bodies);
}

function answersOf({ responses }: Route, schemas: SchemaComponents): JsonObject {
	const answers = Object.entries(responses);
	return Object.fromEntries(answers.map(([status, one]) => [status, answerOf(one, schemas)]));
}

function answerOf(
	{ description, schema, contentType, example }: Answer,
	schemas: SchemaComponents,
): JsonObject {
	const headers = { "X-Request-Id": { $ref: "#/components/headers/X-Request-Id" } };
	if (schema === undefined && contentType === undefined) return { description, headers };
	const content = {
		schema: schema === undefined ? { type: "string" } : schemas.describe(schema, "output"),
		...(example !== undefined && { example: toJson(example) }),
	};
	return { description, headers, content: { [contentType ?? "application/json"]: content } };
}

function toJson(value: unknown): JsonValue {
	return JSON.parse(JSON.stringify(value));
}
