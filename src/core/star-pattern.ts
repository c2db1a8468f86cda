/** Patterns in which `*` stands for any text, also for none: of mailbox names, and parts of claims. */

/**
 * Whether the pattern is of the whole text. Takes each piece at its first place, which leaves the most
 * for the pieces after it: linear, where a regular expression of many stars would go back and forth.
 */
export function matchesStars(pattern: string, text: string): boolean {
	const [head = "", ...rest] = pattern.split("*");
	const tail = rest.pop();
	if (tail === undefined) return text === pattern;
	if (!text.startsWith(head)) return false;
	let at = head.length;
	for (const piece of rest) {
		const found = text.indexOf(piece, at);
		if (found === -1) return false;
		at = found + piece.length;
	}
	return text.length - tail.length >= at && text.endsWith(tail);
}
