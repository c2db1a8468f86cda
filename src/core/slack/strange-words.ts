/**
 * Words right beside a phrase that would change what it means: a reader who skipped them would be
 * wrong without knowing. Called by `phrase.ts`.
 */

const BEFORE =
	/(?:^|\s)(?:after|before|until|till|since|from|later|past|half|quarter|of|except|every|each|or|and|not|next|last|the|once|twice|times|per|à|um|\d{1,2}(?:st|nd|rd|th)|\d{1,2}\.\d{0,2}\.?)\s*$/i;
const AFTER =
	/^[\s,]*(?:and|or|until|till|through|before|after|past|except|from|between|every|each|for \d+|am|pm|o'clock|[-–+]\s?\d|\/|[ap]\.m\.|\d{1,2}[:h]\d\d|\d{1,2}\s*[ap]m|to \d|on the \d|the \d{1,2}(?:st|nd|rd|th))(?=[^\p{L}]|$)/iu;
/** Behind a day whose time of day was not said, these may be one. */
const TIME_AFTER = /^[\s,]*(?:at|around|about|@|~|\d)/i;

/** The strange side of a phrase, whole, or `undefined` where neither is. */
export function strangeWords(
	before: string,
	after: string,
	hasTime: boolean,
	/** No other time stands right before or behind it. */
	alone: { readonly before: boolean; readonly after: boolean },
): string | undefined {
	if (BEFORE.test(before) || !alone.before) return before;
	const isStrange = AFTER.test(after) || (!hasTime && TIME_AFTER.test(after)) || !alone.after;
	return isStrange ? after : undefined;
}
