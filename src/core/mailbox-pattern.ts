/** Patterns of mailbox names, by which a key is limited: `*` stands for any text, also for none. */

/** Whether one of the patterns is of the whole of `name`. */
export function matchesMailbox(patterns: readonly string[], name: string): boolean {
	return patterns.some((pattern) => matches(pattern, name));
}

/** Takes each piece at its first place, which leaves the most for the pieces after it: linear, where
 * a regular expression of many stars would go back and forth. */
function matches(pattern: string, name: string): boolean {
	const [head = "", ...rest] = pattern.split("*");
	const tail = rest.pop();
	if (tail === undefined) return name === pattern;
	if (!name.startsWith(head)) return false;
	let at = head.length;
	for (const piece of rest) {
		const found = name.indexOf(piece, at);
		if (found === -1) return false;
		at = found + piece.length;
	}
	return name.length - tail.length >= at && name.endsWith(tail);
}
