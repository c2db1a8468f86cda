/** JSON as a type and as a schema: what callers may put into `metadata`, `params` and bodies. */
import { z } from "zod";

export type JsonValue =
	| string
	| number
	| boolean
	| null
	| readonly JsonValue[]
	| { readonly [key: string]: JsonValue };

export type JsonObject = { readonly [key: string]: JsonValue };

/**
 * Values come from `JSON.parse` and have passed `checkJson` (depth, keys), so what remains to be
 * said is only "any JSON": walking them again would cost a create more than all other checks.
 */
export const JsonValueSchema = z
	.custom<JsonValue>((value) => value !== undefined, "expected a JSON value")
	.meta({ description: "Any JSON value" });

export const JsonObjectSchema = z
	.custom<JsonObject>(
		(value) => typeof value === "object" && value !== null && !Array.isArray(value),
		"expected a JSON object",
	)
	.meta({ type: "object", description: "Any JSON object" });
