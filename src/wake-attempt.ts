/**
 * One call of a wake that reaches many objects: a failure is logged and counted, and holds up no
 * other. Used by the wakes of shards and of mailboxes.
 */
import { logLine } from "../durable-objects/shared/log.ts";
import type { Env } from "./env.ts";

export type Attempt = (what: string, work: () => Promise<void>) => Promise<void>;

/** @param onFailure counts it */
export function createAttempt(
	env: Pick<Env, "RUNTIME">,
	exec: Pick<ExecutionContext, "waitUntil">,
	onFailure: () => void,
): Attempt {
	return async (what, work) => {
		try {
			await work();
		} catch (error) {
			onFailure();
			const text = error instanceof Error ? error.message : String(error);
			logLine(env, { at: Date.now(), kind: "wake_failed", what, error: text }, exec);
		}
	};
}
