/**
 * Patterns of claims: `*` stands for any text without a slash or colon, also for none; all else is
 * compared exactly. So `refs/heads/*` is every branch without a slash in its name, and no pull request.
 */

/** What ends a segment: of repositories and refs, and of subjects. */
const SEPARATOR = /([/:])/;

export function matchesClaim(pattern: string, claim: string): boolean {
	const expected = pattern.split(SEPARATOR);
	const came = claim.split(SEPARATOR);
	return (
		expected.length === came.length &&
		expected.every((segment, at) => matchesSegment(segment, came[at] ?? ""))
	);
}

/** Takes each piece at its first place: linear, where a regular expression of many stars is not. */
function matchesSegment(pattern: string, text: string): boolean {
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
