/**
 * Words right beside a phrase that would change what it means: a reader who skipped them would be
 * wrong without knowing. Called by `phrase.ts`.
 */

const BEFORE =
	/(?:^|\s)(?:after|before|until|till|since|from|later|past|half|quarter|of|except|every|each|or|and|not|next|last|the|once|twice|times|per|eve|christmas|easter|à|um|\d{1,2}(?:st|nd|rd|th)|\d{1,2}\.\d{0,2}\.?)\s*$/i;
const AFTER =
	/^[\s,]*(?:and|or|until|till|through|before|after|past|except|from|between|every|each|for \d+|am|pm|o'clock|[-–+]\s?\d|\/|[ap]\.m\.|\d{1,2}[:h]\d\d|\d{1,2}\s*[ap]m|to \d|starting|beginning|(?:on )?the \d{1,2}(?:st|nd|rd|th)?)(?=[^\p{L}]|$)/iu;
/** Behind a day whose time of day was not said, these may be one. */
const TIME_AFTER = /^[\s,]*(?:at|around|about|@|~|\d)/i;

/** And before one: “9 tomorrow”. */
const TIME_BEFORE = /(?:^|\s)\d{1,2}\s*$/;
/** “in 5-10 minutes”, “tomorrow-ish”: a part of a longer word. */
const WORD_BEFORE = /[\p{L}\d/+–-]$/u;
const WORD_AFTER = /^[\p{L}\d/+–-]/u;

/** The strange side of a phrase, whole, or `undefined` where neither is. */
export function strangeWords(
	before: string,
	after: string,
	hasTime: boolean,
	/** No other time stands right before or behind it. */
	alone: { readonly before: boolean; readonly after: boolean },
): string | undefined {
	const isStrangeBefore =
		BEFORE.test(before) || WORD_BEFORE.test(before) || (!hasTime && TIME_BEFORE.test(before));
	if (isStrangeBefore || !alone.before) return before;
	const isStrangeAfter =
		AFTER.test(after) || WORD_AFTER.test(after) || (!hasTime && TIME_AFTER.test(after));
	return isStrangeAfter || !alone.after ? after : undefined;
}
