/** Text of others for a terminal: what would move its cursor or speak to it is made visible. */

/** Control characters, C1 included, which some terminals take for escapes. */
const CONTROL = /\p{Cc}/gu;
const ESCAPE = "\u001B";
/** What follows an escape that only colours. */
const COLOUR = /^\[[\d;]*m/;

/** For what has one line to stand in: a name with a line break would look like two of them. */
export function oneLine(text: string): string {
	return text.replaceAll(/\s*[\n\r]\s*/g, " ");
}

export function printable(text: string): string {
	return text.replace(CONTROL, (control, at: number) => {
		if (control === "\n" || control === "\t") return control;
		return control === ESCAPE && COLOUR.test(text.slice(at + 1, at + 20)) ? control : "\uFFFD";
	});
}
