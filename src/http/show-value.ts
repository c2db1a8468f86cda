/** Says in a few words what came, for an error message. The value goes to nobody but its sender. */

/** Characters of a text that are shown. */
const SHOWN_LENGTH = 40;

/** `"abc"`, `12`, `null`, `an array of 3`, `an object`. */
export function showValue(value: unknown): string {
	if (value === undefined) return "nothing";
	if (value === null) return "null";
	if (Array.isArray(value))
		return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
	switch (typeof value) {
		case "string":
			return value.length > SHOWN_LENGTH
				? `${JSON.stringify(value.slice(0, SHOWN_LENGTH))}… (${value.length} characters)`
				: JSON.stringify(value);
		case "number":
		case "boolean":
			return String(value);
		default:
			return "an object";
	}
}
