/** The candidates as the scripts read them; see `scripts.ts`. Pure. */
import type { Candidate } from "./find-candidates.ts";
import type { Shell } from "./scripts.ts";
import { escapeWord, keptLength } from "./split-line.ts";

export type Typed = {
	/** The word that is being written, without quotes. */
	readonly current: string;
	/** Of bash: as it stands on the line, and what readline takes for the end of a word. */
	readonly typed: string;
	readonly wordBreaks: string;
};

/** Lines: candidates that begin with what was typed, or that the shell is to complete files. */
export function answerFor(
	shell: Shell,
	candidates: readonly Candidate[],
	wantsFiles: boolean,
	{ current, typed, wordBreaks }: Typed,
): readonly string[] {
	const fitting = candidates.filter(({ value }) => value.startsWith(current));
	const files = wantsFiles ? [":files"] : [];
	const goesOn = fitting.length === 1 && fitting[0]?.value.endsWith("=") ? [":nospace"] : [];
	if (shell !== "bash") {
		const lines = fitting.map(({ value, description }) => `${value}\t${oneLine(description)}`);
		return [...files, ...goesOn, ...lines];
	}
	const kept = keptLength(typed, wordBreaks);
	return [...files, ...goesOn, ...fitting.map(({ value }) => escapeWord(value).slice(kept))];
}

function oneLine(text: string): string {
	return text.replaceAll(/\s+/g, " ").trim();
}
