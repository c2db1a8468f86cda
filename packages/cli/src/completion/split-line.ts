/** A command line as bash hands it over, split into words as a shell does. Pure; expands nothing. */

export type Line = {
	/** Of the line up to the cursor; the last is the one that is being written, maybe empty. */
	readonly words: readonly string[];
	/** What the last word looks like on the line. */
	readonly typed: string;
};

export function splitLine(line: string): Line {
	const words: string[] = [];
	let word = "";
	let typedFrom = 0;
	let isOpen = false;
	let quote = "";
	for (let at = 0; at < line.length; at++) {
		const char = line[at] ?? "";
		if (quote === "'" ? char === "'" : quote !== "" && char === quote) {
			quote = "";
		} else if (char === "\\" && quote !== "'") {
			word += line[at + 1] ?? "";
			at += 1;
			isOpen = true;
		} else if (quote !== "") {
			word += char;
		} else if (char === "'" || char === '"') {
			quote = char;
			isOpen = true;
		} else if (/\s/.test(char)) {
			if (isOpen) words.push(word);
			word = "";
			isOpen = false;
			typedFrom = at + 1;
		} else {
			word += char;
			isOpen = true;
		}
	}
	return { words: [...words, word], typed: line.slice(typedFrom) };
}

/**
 * How much of what is being written readline leaves as it is: it replaces only what stands behind the
 * last of its word breaks, such as `=` and `:`.
 */
export function keptLength(typed: string, wordBreaks: string): number {
	if (/['"\\]/.test(typed)) return 0;
	const breaks = [...wordBreaks].filter((one) => !/[\s'"]/.test(one));
	return Math.max(0, ...breaks.map((one) => typed.lastIndexOf(one) + 1));
}

/** A word as it can be typed. */
export function escapeWord(word: string): string {
	return word.replace(/[^\w@%+=:,./-]/g, (char) => `\\${char}`);
}
