/**
 * iCalendar text (RFC 5545) as components and properties: a typed look at the jCal that ical.js
 * parses it into. It knows no meaning of any property; `core/calendar/` and `core/import/` do. Only
 * the parser of ical.js is used: its expansion of rules does not end for a rule that never matches.
 */
import ICAL from "ical.js";
import { err, ok, type Result } from "../result.ts";

export type Property = {
	/** In lower case. */
	readonly name: string;
	readonly params: Readonly<Record<string, unknown>>;
	/** The type of the values, such as `date` or `recur`. */
	readonly type: string;
	readonly values: readonly unknown[];
};

export type Component = {
	/** In lower case. */
	readonly name: string;
	readonly properties: readonly Property[];
	readonly components: readonly Component[];
};

/** Longest message of the parser that is passed on: it quotes the line it fails at. */
const PARSER_MESSAGE_LENGTH = 200;

/** The components at the top of `text`, at least one; or what the parser says of it. */
export function readIcal(text: string): Result<readonly Component[], string> {
	let parsed: unknown;
	try {
		parsed = ICAL.parse(text);
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return err(message.slice(0, PARSER_MESSAGE_LENGTH));
	}
	if (!Array.isArray(parsed) || parsed.length === 0) return err("there is no component in it");
	// One component comes alone, several in a list.
	const tops: unknown[] = typeof parsed[0] === "string" ? [parsed] : parsed;
	return ok(tops.map(componentOf));
}

/** Every component called `name`, at whatever depth. */
export function* findComponents(tops: readonly Component[], name: string): Generator<Component> {
	for (const top of tops) {
		if (top.name === name) yield top;
		yield* findComponents(top.components, name);
	}
}

export function propertiesOf({ properties }: Component, name: string): readonly Property[] {
	return properties.filter((property) => property.name === name);
}

/** The first value of the first property called `name`. */
export function firstValue(component: Component, name: string): unknown {
	return component.properties.find((property) => property.name === name)?.values[0];
}

function componentOf(jcal: unknown): Component {
	const [name, properties, components] = listOf(jcal);
	return {
		name: String(name),
		properties: listOf(properties).map(propertyOf),
		components: listOf(components).map(componentOf),
	};
}

function propertyOf(jcal: unknown): Property {
	const [name, params, type, ...values] = listOf(jcal);
	return {
		name: String(name),
		params: typeof params === "object" && params !== null ? { ...params } : {},
		type: String(type),
		values,
	};
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}
