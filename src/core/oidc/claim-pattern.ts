/**
 * Patterns of claims: `*` stands for any text without a slash or colon, also for none; all else is
 * compared exactly. So `refs/heads/*` is every branch without a slash in its name, and no pull request.
 */
import { matchesStars } from "../star-pattern.ts";

/** What ends a segment: of repositories and refs, and of subjects. */
const SEPARATOR = /([/:])/;

export function matchesClaim(pattern: string, claim: string): boolean {
	const expected = pattern.split(SEPARATOR);
	const came = claim.split(SEPARATOR);
	return (
		expected.length === came.length &&
		expected.every((segment, at) => matchesStars(segment, came[at] ?? ""))
	);
}
