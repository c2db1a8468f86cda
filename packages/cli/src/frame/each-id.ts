/**
 * The same call for several ids, one after the other: what fails for one is told, and stops no
 * other. With `--json` each answer is a line.
 */
import type { Context } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { readIds } from "./input.ts";
import { explainError, renderError } from "./show-error.ts";

/** `call` answers what the API did; `show` is for people. Exit code 1 when one of them failed. */
export async function eachId<T>(
	context: Context,
	ids: readonly string[],
	call: (id: string) => Promise<T>,
	show: (answer: T, id: string) => void | Promise<void>,
): Promise<ExitCode> {
	const all = await readIds(ids);
	const { out, signal } = context;
	let code: ExitCode = EXIT.ok;
	for (const id of all) {
		try {
			const answer = await call(id);
			if (out.isJson) out.json(answer);
			else await show(answer, id);
		} catch (error) {
			if (all.length === 1 || signal.aborted) throw error;
			code = EXIT.failed;
			const { view } = explainError(error);
			const text = out.isJson
				? JSON.stringify({ error: { ...view, id } })
				: renderError({ ...view, message: `${id}: ${view.message}` }, out.noteStyle);
			process.stderr.write(`${text}\n`);
		}
	}
	return code;
}

/** The same where an answer has no body: what is gone is said in its place. */
export function eachGone(
	context: Context,
	ids: readonly string[],
	remove: (id: string) => Promise<unknown>,
	said: (id: string) => string,
	key: "id" | "name" = "id",
): Promise<ExitCode> {
	return eachId(
		context,
		ids,
		async (id) => {
			await remove(id);
			return { [key]: id, deleted: true };
		},
		(_answer, id) => context.out.line(said(id)),
	);
}
