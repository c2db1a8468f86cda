/** Asks before what cannot be undone. */
import type { Context } from "./context.ts";
import { EXIT } from "./exit-codes.ts";
import { Failure, usageFailure } from "./failure.ts";

/** Goes on when `yes` was given or a person says so; where nobody can be asked, exit code 2. */
export async function confirm(context: Context, question: string, yes: boolean): Promise<void> {
	if (yes) return;
	if (!context.canAsk) throw usageFailure(`${question} Nobody is there to ask.`, "Add --yes.");
	const { confirm: ask, isCancel } = await import("@clack/prompts");
	const answer = await ask({ message: question, initialValue: false, output: process.stderr });
	if (isCancel(answer))
		throw new Failure(EXIT.interrupted, "Nothing was done.", { code: "aborted" });
	if (!answer) throw new Failure(EXIT.failed, "Nothing was done.", { code: "declined" });
}

/** Ctrl-C where a question was asked. */
export function interrupted(): Failure {
	return new Failure(EXIT.interrupted, "Nothing was done.", { code: "aborted" });
}
