/** Reads a text from left to right, one expression after another. Used by the reading of phrases. */

export class Scanner {
	readonly text: string;
	at: number;

	constructor(text: string, at: number) {
		this.text = text;
		this.at = at;
	}

	/** The groups of `pattern` if it stands next, whole words and any spaces before; moves past it. */
	take(pattern: string): readonly (string | undefined)[] | undefined {
		const sticky = new RegExp(`\\s*(?:${pattern})(?![\\p{L}\\d_])`, "iuy");
		sticky.lastIndex = this.at;
		const match = sticky.exec(this.text);
		if (match === null) return undefined;
		this.at = sticky.lastIndex;
		return match.slice(1);
	}

	/** Tries a reading, and goes back to where it began when that gives nothing. */
	attempt<T>(read: () => T | undefined): T | undefined {
		const from = this.at;
		const value = read();
		if (value === undefined) this.at = from;
		return value;
	}
}

/** Moves past what `sign`, anchored at the beginning, matches next. */
export function takeSign(scanner: Scanner, sign: RegExp): boolean {
	const match = sign.exec(scanner.text.slice(scanner.at));
	if (match === null) return false;
	scanner.at += match[0].length;
	return true;
}
