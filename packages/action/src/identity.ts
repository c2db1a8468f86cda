/**
 * Which timer a step means, so that a step that runs again does not make a second one.
 *
 * - The dedupe key says which timer: one of the repository (`dedupe-key`), or one of this run, job,
 *   matrix leg, step and name. All attempts of a run share it. The network holds it until the timer
 *   has ended.
 * - The idempotency key says which call: the same attempt asking for the same timer. The network
 *   remembers it for a day, also when the timer has ended.
 */
import { createHash } from "node:crypto";
import type { WorkflowRun } from "./workflow-run.ts";

/** Hexadecimal digits of a hash: 128 bits, so that two steps never meet by chance. */
const DIGITS = 32;

export type Identity = { readonly dedupeKey: string; readonly isShared: boolean };

/** Undefined where no runner says which run this is: then every call makes a timer. */
export function identify(
	run: WorkflowRun,
	named: { readonly key: string | undefined; readonly matrix: string; readonly name: string },
): Identity | undefined {
	if (named.key !== undefined) {
		return { dedupeKey: `github:${run.repository}:${named.key}`, isShared: true };
	}
	if (run.runId === "") return undefined;
	const step = digest([run.repository, run.job, named.matrix, run.step, named.name]);
	return { dedupeKey: `github:run:${run.runId}:${step}`, isShared: false };
}

/** Names the call itself: who makes it, in which attempt, and all that it asks for. */
export function requestId(run: WorkflowRun, matrix: string, wanted: unknown): string {
	const { repository, runId, attempt, job, step } = run;
	return digest([repository, runId, attempt, job, matrix, step, wanted]);
}

function digest(value: unknown): string {
	return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, DIGITS);
}
