/** What became of each timer of an import, of all its parts together and of files never sent. */
import type { ImportAnswer } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import type { Source } from "./read-source.ts";

type Result = ImportAnswer["results"][number] & { readonly file?: string };
export type Report = Omit<ImportAnswer, "results"> & { readonly results: readonly Result[] };

/** One answer for all. Files that were not sent stand at the end, as refused. */
export function reportOf(
	answers: readonly ImportAnswer[],
	{ files, unreadable }: Pick<Source, "files" | "unreadable">,
	dryRun: boolean,
): Report {
	const sent = answers.flatMap(({ results }) => results);
	const known = sent.map((result, index): Result => {
		const file = files?.[index];
		return { ...result, index, ...(file !== undefined && { file }) };
	});
	const refused = unreadable.map(({ file, message }, at): Result => {
		const error = { code: "invalid_json", message };
		return { index: known.length + at, source: null, file, error };
	});
	const sum = (member: "created" | "existing" | "skipped" | "failed") =>
		answers.reduce((total, answer) => total + answer[member], 0);
	return {
		created: sum("created"),
		existing: sum("existing"),
		skipped: sum("skipped"),
		failed: sum("failed") + refused.length,
		dryRun,
		results: [...known, ...refused],
	};
}

export async function showReport({ out }: Context, report: Report): Promise<void> {
	const { created, existing, skipped, failed, dryRun, results } = report;
	if (results.length === 0) return out.note("There is nothing to import.");
	await out.table(
		["", "from", "outcome", ""],
		results.map((result) => [
			result.index + 1,
			[result.file, result.source].filter(Boolean).join(" "),
			...outcomeOf(result),
		]),
	);
	const would = results.filter((result) => "timer" in result).length;
	const made = dryRun ? `${would} would be created` : `${created} created`;
	out.note(`${made}, ${existing} there already, ${skipped} skipped, ${failed} refused.`);
}

function outcomeOf(result: Result): readonly [string, string] {
	if ("error" in result) return ["refused", errorText(result.error)];
	if ("skipped" in result) return ["skipped", result.skipped];
	if ("timer" in result) return ["would create", result.timer.name ?? ""];
	if (result.existing) return ["there already", result.id];
	return ["created", [result.id, result.warning].filter(Boolean).join("  ")];
}

type LineError = Extract<Result, { error: unknown }>["error"];

function errorText({ message, errors = [] }: LineError): string {
	if (errors.length === 0) return message;
	return errors.map((one) => `${one.path}: ${one.message}`).join("; ");
}
