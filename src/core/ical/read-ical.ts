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

/** Components in each other: a calendar, its events, their alarms, and room. */
const DEPTH_MAX = 16;
/** Parts of one line: the time for its parameters grows with the square of their number. */
const PARTS_MAX = 5_000;
/** Longest message of the parser that is passed on: it quotes the line it fails at. */
const PARSER_MESSAGE_LENGTH = 200;

/** The components at the top of `text`, at least one; or what the parser says of it. */
export function readIcal(text: string): Result<readonly Component[], string> {
	const unfolded = text.replace(/\r?\n[ \t]/g, "");
	const flaw = flawOf(unfolded);
	if (flaw !== undefined) return err(flaw);
	let parsed: unknown;
	try {
		parsed = ICAL.parse(unfolded);
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return err(message.slice(0, PARSER_MESSAGE_LENGTH));
	}
	// One component comes alone, several in a list.
	const isAlone = Array.isArray(parsed) && typeof parsed[0] === "string";
	return ok((isAlone ? [parsed] : listOf(parsed)).map(componentOf));
}

/** What the parser would take badly: it does not say what is missing, and it is not bounded. */
function flawOf(unfolded: string): string | undefined {
	if (!/^\s*BEGIN:/i.test(unfolded)) return "it does not begin with BEGIN:";
	let depth = 0;
	for (const line of unfolded.split("\n")) {
		if (/^BEGIN:/i.test(line)) depth += 1;
		else if (/^END:/i.test(line)) depth -= 1;
		if (depth > DEPTH_MAX) return `components stand more than ${DEPTH_MAX} deep in each other`;
		if (line.length > PARTS_MAX && partsOf(line) > PARTS_MAX) {
			return `a line has more than ${PARTS_MAX} parts: ${line.slice(0, 40)}`;
		}
	}
	return undefined;
}

function partsOf(line: string): number {
	let parts = 1;
	for (let at = line.indexOf(";"); at !== -1; at = line.indexOf(";", at + 1)) {
		if (line[at - 1] !== "\\") parts += 1;
	}
	return parts;
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
