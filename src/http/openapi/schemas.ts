/**
 * zod schemas as the JSON Schema of OpenAPI 3.1. Schemas with a `meta({ id })` become components,
 * once each; everything else is written where it is used.
 */
import { z } from "zod";
import type { JsonObject, JsonValue } from "../../contract/json.ts";

/** Which side of a schema is meant: what a caller may send, or what it gets. */
export type Direction = "input" | "output";

export class SchemaComponents {
	readonly #components = new Map<string, JsonValue>();

	/** The schema as it stands at its place of use; its named parts are kept as components. */
	describe(schema: z.ZodType, io: Direction): JsonObject {
		const { $defs, $schema, ...own } = toJsonSchema(schema, io);
		for (const [id, definition] of Object.entries($defs ?? {})) this.#put(id, definition);
		return own;
	}

	#put(id: string, definition: JsonValue): void {
		const known = this.#components.get(id);
		if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition)) {
			throw new Error(`Two schemas are called ${id}: what is sent and what is answered differ`);
		}
		this.#components.set(id, definition);
	}

	/** All components, by name. */
	all(): JsonObject {
		const sorted = [...this.#components].sort(([a], [b]) => a.localeCompare(b));
		return Object.fromEntries(sorted);
	}
}

type Converted = {
	$defs?: JsonObject;
	$schema?: JsonValue;
	[keyword: string]: JsonValue | undefined;
};

function toJsonSchema(
	schema: z.ZodType,
	io: Direction,
): { [keyword: string]: JsonValue } & Converted {
	const converted = z.toJSONSchema(schema, {
		io,
		// Free-form JSON is a custom schema; its `meta` says what there is to say.
		unrepresentable: "any",
		override: ({ zodSchema, jsonSchema }) => {
			// Fields may be added to answers: only strict objects, which callers send, are closed.
			const { def } = zodSchema._zod;
			if (def.type === "object" && def.catchall === undefined)
				delete jsonSchema.additionalProperties;
			// What zod writes for "a safe integer" tells a reader nothing.
			if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
			if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
		},
	});
	return JSON.parse(JSON.stringify(converted).replaceAll("#/$defs/", "#/components/schemas/"));
}
