/** Writes HTML from text that is not HTML. The only place where markup is made of values. */

const ESCAPES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}

/** A sentence of the contract: escaped, and `backticks` become code. */
export function prose(text: string): string {
	return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

export function element(
	name: string,
	content: string,
	attributes: Record<string, string> = {},
): string {
	const written = Object.entries(attributes).map(
		([key, value]) => ` ${key}="${escapeHtml(value)}"`,
	);
	return `<${name}${written.join("")}>${content}</${name}>`;
}

/** A table with a head; cells are HTML already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[], cell: string) =>
		element("tr", cells.map((content) => element(cell, content)).join(""));
	const body = rows.map((row) => line(row, "td")).join("\n");
	return element("table", `${element("thead", line(head, "th"))}\n${element("tbody", body)}`);
}
