/** Patterns of mailbox names, by which a key is limited: `*` stands for any text, also for none. */
import { matchesStars } from "./star-pattern.ts";

/** Whether one of the patterns is of the whole of `name`. */
export function matchesMailbox(patterns: readonly string[], name: string): boolean {
	return patterns.some((pattern) => matchesStars(pattern, name));
}
