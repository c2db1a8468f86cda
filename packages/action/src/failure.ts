/** What makes a step fail: texts that say what is wrong and what to do, each with its input. */
import type { InputName } from "./names.ts";

export type Problem = {
	/** The input to change, where it is one. */
	readonly input?: InputName;
	readonly message: string;
};

export class ActionFailure extends Error {
	override readonly name = "ActionFailure";
	readonly problems: readonly Problem[];

	constructor(problems: readonly Problem[]) {
		super(problems.map(({ message }) => message).join("\n"));
		this.problems = problems;
	}
}
