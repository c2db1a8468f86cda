/** The token that opens a service: what it may look like, and what is shown of it. */
import { LIMITS } from "../../contract/limits.ts";

/** RFC 6750 section 2.1 allows less; this is what can stand in a header and is no mistake of copying. */
const TOKEN = /^[\x21-\x7e]+$/;
/** `ghp_`, `github_pat_`, `xoxb-`: what kind of token it is. */
const PREFIX = /^[a-z]{2,6}(?:_pat)?[_-]/;
const SHOWN_OF_END = 4;
/** Characters of a token below which nothing of it is shown. */
const SHOWN_FROM_LENGTH = 20;

/** What is wrong with a token, without a character of it. */
export function tokenFlaw(token: string): string | undefined {
	if (token === "") return "expected a token, got an empty text";
	if (token.length > LIMITS.serviceTokenLength) {
		return `expected at most ${LIMITS.serviceTokenLength} characters, got ${token.length}`;
	}
	return TOKEN.test(token)
		? undefined
		: "expected visible ASCII characters only: no blank, line break or other character";
}

/** Enough to tell tokens apart, as lists of tokens show them elsewhere. */
export function previewOfToken(token: string): string {
	if (token.length < SHOWN_FROM_LENGTH) return "...";
	return `${PREFIX.exec(token)?.[0] ?? ""}...${token.slice(-SHOWN_OF_END)}`;
}
