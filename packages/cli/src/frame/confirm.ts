/** Asks before what cannot be undone. */
import type { Context } from "./context.ts";
import { EXIT } from "./exit-codes.ts";
import { Failure, usageFailure } from "./failure.ts";
import { readIds } from "./input.ts";

/** Goes on when `yes` was given or a person says so; where nobody can be asked, exit code 2. */
export async function confirm(context: Context, question: string, yes: boolean): Promise<void> {
	if (yes) return;
	if (!context.canAsk) throw usageFailure(`${question} Nobody is there to ask.`, "Add --yes.");
	const { confirm: ask, isCancel } = await import("@clack/prompts");
	const answer = await ask({ message: question, initialValue: false, output: process.stderr });
	if (isCancel(answer)) throw interrupted();
	if (!answer) throw new Failure(EXIT.failed, "Nothing was done.", { code: "declined" });
}

/** The ids that are named, `-` being those on stdin, once `confirm` has gone on. */
export async function confirmIds(
	context: Context,
	named: readonly string[],
	yes: boolean | undefined,
	question: (ids: readonly string[]) => string,
): Promise<readonly string[]> {
	if (named.includes("-") && yes !== true) {
		throw usageFailure("ids from stdin cannot be asked about", "Add --yes.");
	}
	const ids = await readIds(named);
	await confirm(context, question(ids), yes === true);
	return ids;
}

/** Ctrl-C where a question was asked. */
export function interrupted(): Failure {
	return new Failure(EXIT.interrupted, "Nothing was done.", { code: "aborted" });
}
