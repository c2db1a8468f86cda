/** Path, query and header parameters of a route, as OpenAPI lists them. */
import type { z } from "zod";
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import type { Route } from "../route.ts";
import { listOf, objectOf } from "./json-access.ts";
import type { SchemaComponents } from "./schemas.ts";

export function parametersOf(route: Route, schemas: SchemaComponents): readonly JsonValue[] {
	const { params, query, ifMatch } = route.request ?? {};
	return [
		...(params ? listed("path", params, schemas) : []),
		...(query ? listed("query", query, schemas) : []),
		...(hasIdempotency(route) ? [reference("Idempotency-Key")] : []),
		...(ifMatch ? [reference("If-Match")] : []),
		reference("X-Request-Id"),
		reference("traceparent"),
	];
}

/** Headers that several routes take. */
export const HEADER_PARAMETERS: JsonObject = {
	"Idempotency-Key": header(
		"Idempotency-Key",
		"Repeats of the call with the same key and body get the first answer again, for 24 hours.",
		{ type: "string", minLength: 1, maxLength: LIMITS.keyLength },
	),
	"If-Match": header("If-Match", "The `ETag` the object must still have.", { type: "string" }),
	"X-Request-Id": header(
		"X-Request-Id",
		"Taken over where it is sane, so that both sides' logs agree.",
		{
			type: "string",
			pattern: "^[\\w.-]{1,64}$",
		},
	),
	traceparent: header("traceparent", "W3C Trace Context; continued into deliveries.", {
		type: "string",
	}),
};

function header(name: string, description: string, schema: JsonObject): JsonObject {
	return { name, in: "header", description, schema };
}

function reference(name: string): JsonObject {
	return { $ref: `#/components/parameters/${name}` };
}

function hasIdempotency({ idempotency }: Route): boolean {
	return idempotency !== undefined && idempotency !== "ignored";
}

function listed(
	place: "path" | "query",
	schema: z.ZodType,
	schemas: SchemaComponents,
): readonly JsonObject[] {
	const { properties, required } = schemas.describe(schema, "output");
	const always = listOf(required);
	return Object.entries(objectOf(properties)).map(([name, described]) => ({
		name,
		in: place,
		// A parameter with a default is always there for the handler, but need not be sent.
		required: always.includes(name) && !hasDefault(described),
		schema: described,
	}));
}

function hasDefault(schema: JsonValue): boolean {
	return typeof schema === "object" && schema !== null && "default" in schema;
}
