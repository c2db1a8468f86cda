/**
 * Slack's markup, read and written. A command's text comes escaped, with mentions and links in
 * angle brackets; what is sent back must be escaped again. Called by the reading of commands and by
 * everything that renders a message.
 */

/** A person or a channel: the only markup in people's own words that stays alive. */
const MENTION = /<([@#][A-Z0-9]{1,30})(?:\|[^<>]*)?>/g;
const LINK = /<((?:https?|mailto):[^|<>]*)(?:\|[^<>]*)?>/g;
/** `<!channel>`, `<!subteam^S1|@group>`, `<!date^…|…>`: read as the words they show. */
const SPECIAL = /<!([a-z]+)[^|<>]*(?:\|([^<>]*))?>/g;

/**
 * What was typed: links as their address, mentions as `<@U123>` without the name that Slack adds,
 * broadcasts such as `<!here>` as plain words.
 */
export function decodeSlackText(text: string): string {
	return text
		.replace(LINK, (_, address: string) => address.replace(/^mailto:/, ""))
		.replace(MENTION, "<$1>")
		.replace(SPECIAL, (_, name: string, label?: string) => label ?? `@${name}`)
		.replace(/&lt;/g, "<")
		.replace(/&gt;/g, ">")
		.replace(/&amp;/g, "&");
}

/**
 * Text for a `mrkdwn` field: `&`, `<` and `>` are escaped, so that nothing in it is markup but
 * mentions of a person or a channel. `<!channel>` and its kin call nobody.
 */
export function escapeSlackText(text: string): string {
	return text
		.replace(/&/g, "&amp;")
		.replace(/</g, "&lt;")
		.replace(/>/g, "&gt;")
		.replace(/&lt;([@#][A-Z0-9]{1,30})&gt;/g, "<$1>");
}

/**
 * Escaped text of at most `most` UTF-16 units, which is how Slack counts, cut before a character
 * and never within an escape or a mention.
 */
export function escapeWithin(text: string, most: number): string {
	const whole = escapeSlackText(text);
	if (whole.length <= most) return whole;
	let cut = "";
	for (const [piece] of whole.matchAll(/<[^<>]*>|&[a-z]+;|[\s\S]/gu)) {
		if (cut.length + piece.length > most - 1) break;
		cut += piece;
	}
	return `${cut}…`;
}

/** A piece of what someone typed, quoted within a sentence; not escaped yet. */
export function quote(text: string): string {
	return `“${clip(text.trim(), QUOTED_MAX)}”`;
}

/** At most `most` UTF-16 units, and never half a character. */
function clip(text: string, most: number): string {
	if (text.length <= most) return text;
	return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Enough to recognise one's words by. */
const QUOTED_MAX = 120;
