/**
 * A command that was not understood, in plain words that are not escaped yet. Rendered by
 * `render-answer.ts`.
 */
import { type Err, err } from "../result.ts";

export type SlackMisread = {
	/** The part that was understood, as it was typed. */
	readonly understood: string | null;
	/** A sentence; the part after “I understood …, but” where something was. */
	readonly problem: string;
	/** A command that would have been. */
	readonly example: string;
};

/** Who asks: what a phrase means depends on it. */
export type SlackAsker = {
	/** IANA name. */
	readonly zone: string;
	/** Epoch ms. */
	readonly now: number;
	/** `/ato`, for examples. */
	readonly command: string;
};

/** What is wrong with a phrase; the example is added where the command is known. */
export type Problem = { readonly understood: string | null; readonly problem: string };

export function misread(understood: string | null, problem: string): Err<Problem> {
	return err({ understood, problem });
}
