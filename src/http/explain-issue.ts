/**
 * Turns zod's issues into what an API's caller needs to read: which field, what came, what is
 * expected, and what was probably meant. Messages that a schema carries itself are kept.
 */
import type { z } from "zod";
import type { FieldError } from "../contract/error.ts";
import { closestName } from "./closest-name.ts";
import { expectationOf, oneOf } from "./expectation.ts";
import { showValue } from "./show-value.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Marks an issue whose schema brought no message of its own. */
const NO_MESSAGE = "";

/** Fields that an object with unknown keys does have. zod drops the schema from the final issue but
 * keeps the array of keys, so that array finds them again. */
const knownFields = new WeakMap<object, readonly string[]>();

/** The options to parse with where issues are to be explained here. */
export const EXPLAINABLE = {
	reportInput: true,
	error: (issue: z.core.$ZodRawIssue) => {
		if (issue.code === "unrecognized_keys") knownFields.set(issue.keys, fieldsOf(issue.inst));
		return NO_MESSAGE;
	},
} as const;

export function explainIssues(issues: readonly Issue[], prefix: Path = []): FieldError[] {
	return issues.flatMap((issue) => explain(issue, [...prefix, ...issue.path]));
}

function explain(issue: Issue, path: Path): FieldError[] {
	if (issue.code === "unrecognized_keys") {
		return issue.keys.map((key) => unknownField(issue.keys, [...path, key], key));
	}
	if (issue.code === "invalid_union") return explainUnion(issue, path);
	if (issue.code === "invalid_key") {
		return issue.issues.map((inner) => at(path, `name not allowed: ${difference(inner)}`));
	}
	return [at(path, difference(issue))];
}

function difference(issue: Issue): string {
	const got = showValue(issue.input);
	if (issue.message !== NO_MESSAGE) return `${issue.message}, got ${got}`;
	if (issue.input === undefined) return `is missing: expected ${expectationOf(issue)}`;
	return `expected ${expectationOf(issue)}, got ${got}`;
}

function unknownField(keys: object, path: Path, key: string): FieldError {
	const meant = closestName(key, knownFields.get(keys) ?? []);
	return at(path, `unknown field${meant === undefined ? "" : `; did you mean "${meant}"?`}`);
}

/** The branch that came nearest speaks for the union; when none took the type, all are named. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): FieldError[] {
	if ("options" in issue && issue.options !== undefined) {
		const came = fieldOf(issue.input, issue.discriminator);
		return [at(path, `expected ${oneOf(issue.options)}, got ${showValue(came)}`)];
	}
	const fitting = issue.errors.filter((branch) => !branch.some(isTypeMismatch));
	const [nearest] = fitting.toSorted((a, b) => distance(a) - distance(b));
	if (nearest !== undefined) return explainIssues(nearest, path);
	const expected = [...new Set(issue.errors.flat().map(expectationOf))];
	return [at(path, `expected ${expected.join(" or ")}, got ${showValue(issue.input)}`)];
}

function isTypeMismatch(issue: Issue): boolean {
	return issue.path.length === 0 && issue.code === "invalid_type";
}

/** A field the branch does not know says more against it than a value it does not like. */
function distance(branch: readonly Issue[]): number {
	return branch.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? 2 : 1), 0);
}

function at(path: Path, message: string): FieldError {
	return { path: path.map(String).join("."), message };
}

function fieldOf(value: unknown, name: string | undefined): unknown {
	return typeof value === "object" && value !== null && name !== undefined
		? Reflect.get(value, name)
		: value;
}

function fieldsOf(schema: z.core.$ZodType | z.core.$ZodCheck | undefined): readonly string[] {
	const def = schema?._zod.def;
	return def !== undefined && "shape" in def ? Object.keys(def.shape ?? {}) : [];
}
