/**
 * Texts that the network shall take as they are. It would resolve every `${…}`, and a shell's
 * `${HOME}` must stay what it is: a template that yields `${` stands for it, since what templates
 * yield is not read again. The network's own imports write it the same way.
 */

const OPENING = "${";
const LITERAL_OPENING = "${'${'}";

/** `kept`: a template that is meant as one. What is no text is left as it is. */
export function toLiteral(value: unknown, kept?: string): unknown {
	if (typeof value !== "string") return value;
	const parts = kept === undefined ? [value] : value.split(kept);
	return parts.map((part) => part.replaceAll(OPENING, LITERAL_OPENING)).join(kept ?? "");
}

/** What it was before, also in members. */
export function fromLiteral(value: unknown): unknown {
	if (typeof value === "string") return value.replaceAll(LITERAL_OPENING, OPENING);
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	const members = Object.entries(value).map(([name, member]) => [name, fromLiteral(member)]);
	return Object.fromEntries(members);
}
