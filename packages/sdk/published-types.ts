/**
 * Writes the types of the wire out, for readers without zod: from the contract's schemas by way of
 * JSON Schema. Called by `build.ts`; a test holds what it writes against the contract.
 */
import { compile } from "json-schema-to-typescript";
import { z } from "zod";
import { INPUTS, OUTPUTS } from "./wire-schemas.ts";

/** What JSON Schema cannot say, and `src/types.ts` takes from the contract. */
const WRITTEN_OUT = `/** The shapes of the wire. */

export type JsonValue =
	| string
	| number
	| boolean
	| null
	| readonly JsonValue[]
	| { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };
/** Only \`nextCursor: null\` is the end. */
export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };
/** A list that is short enough for one answer. */
export type Listed<T> = { readonly items: readonly T[] };

`;

/** The name of the schema that refers to all others. */
const ROOT = "AllOfTheWire";

type Schema = { [keyword: string]: unknown };
type Converted = Schema & { readonly $defs?: Record<string, Schema> };

/** The text of the declaration file. */
export async function writePublishedTypes(): Promise<string> {
	const definitions: Record<string, Schema> = {};
	for (const [name, schema] of Object.entries(INPUTS)) define(definitions, name, schema, "input");
	for (const [name, schema] of Object.entries(OUTPUTS)) define(definitions, name, schema, "output");
	const names = Object.keys(definitions);
	const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }]));
	const root = { type: "object", $defs: definitions, properties } as const;
	const text = await compile(root, ROOT, {
		additionalProperties: false,
		ignoreMinAndMaxItems: true,
		bannerComment: "",
	});
	return WRITTEN_OUT + withoutRoot(admitUndefined(text));
}

/** A schema under its published name, and those that it refers to under theirs. */
function define(
	definitions: Record<string, Schema>,
	name: string,
	schema: z.ZodType,
	io: "input" | "output",
): void {
	const { $defs = {}, $schema, ...own } = toJsonSchema(schema, io);
	const id = z.globalRegistry.get(schema)?.id;
	// A schema is published under its id, or under the name that this package gives it instead.
	const rename = (text: string) =>
		id === undefined ? text : text.replaceAll(`"#/$defs/${id}"`, `"#/$defs/${name}"`);
	const named = Object.entries({ ...$defs, ...(id === undefined && { [name]: own }) });
	for (const [key, value] of named) {
		const described = JSON.parse(rename(JSON.stringify(value)));
		const { id: _, ...definition } = described;
		put(definitions, key === id ? name : key, definition);
	}
}

function put(definitions: Record<string, Schema>, name: string, definition: Schema): void {
	const known = definitions[name];
	if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition)) {
		throw new Error(`Two schemas are called ${name}: what is sent and what is answered differ`);
	}
	definitions[name] = definition;
}

function toJsonSchema(schema: z.ZodType, io: "input" | "output"): Converted {
	const converted = z.toJSONSchema(schema, {
		io,
		unrepresentable: "any",
		override({ zodSchema, jsonSchema }) {
			const { def } = zodSchema._zod;
			// Free-form JSON is a custom schema. `tsType` is read by what writes the types.
			if (def.type === "custom") {
				jsonSchema["tsType"] = jsonSchema.type === "object" ? "JsonObject" : "JsonValue";
			}
			// Bounds are no types; the text that `description` is says those that count.
			for (const bound of ["minItems", "maxItems"] as const) delete jsonSchema[bound];
		},
	});
	return JSON.parse(JSON.stringify(converted), besideReference);
}

/** A reference with words of its own beside it would become a copy of what it refers to. */
function besideReference(_: string, value: unknown): unknown {
	if (typeof value !== "object" || value === null || !("$ref" in value)) return value;
	const { $ref, ...beside } = value;
	return Object.keys(beside).length === 0 ? value : { ...beside, allOf: [{ $ref }] };
}

/** As the contract's types do, so that `{ name: undefined }` is a caller's under the strictest flags. */
function admitUndefined(text: string): string {
	return text.replace(/^(\s+(?:"[^"]+"|\w+)\?:)(.*)/gm, (_, name, type) =>
		type === "" ? `${name} undefined` : `${name} undefined |${type}`,
	);
}

/** The schema that refers to all others is none of ours. */
function withoutRoot(text: string): string {
	return text.replace(new RegExp(`^export interface ${ROOT} \\{\n.*?^\\}\n`, "ms"), "");
}
