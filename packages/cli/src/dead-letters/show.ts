/** Dead letters as people read them: one in full with its attempts, or many as rows. */
import type { DeadLetter } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { targetText } from "../frame/target-text.ts";
import { formatSpan } from "../frame/times.ts";

export const DEAD_LETTER_HEAD = ["id", "timer", "to", "reason", "attempts", "given up"] as const;

export function deadLetterRow({ out }: Context, letter: DeadLetter): readonly string[] {
	return [
		letter.id,
		letter.timerName ?? letter.timerId,
		targetText(letter),
		letter.reason,
		String(letter.attempts),
		out.time(letter.deadAt),
	];
}

export async function showDeadLetter({ out }: Context, letter: DeadLetter): Promise<void> {
	const { style } = out;
	out.fields([
		["id", style.bold(letter.id)],
		["timer", [letter.timerId, letter.timerName].filter(Boolean).join(" ")],
		["firing", letter.firing],
		["to", targetText(letter)],
		["reason", style.red(letter.reason)],
		["given up", out.time(letter.deadAt)],
		["request", JSON.stringify(letter.request)],
	]);
	if (letter.history.length === 0) return;
	out.line();
	await out.table(
		["attempt", "at", "took", "outcome", "status", "error", "answer"],
		letter.history.map(({ attempt, at, durationMs, outcome, status, error, excerpt }) => [
			attempt,
			out.time(at),
			durationMs === null ? null : formatSpan(durationMs),
			outcome,
			status,
			error,
			excerpt === null ? null : JSON.stringify(excerpt),
		]),
	);
}
