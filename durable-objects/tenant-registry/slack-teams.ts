/**
 * Which Slack workspaces may be a tenant's, and which installations were begun. What is known of a
 * workspace is in its own object. Called by the registry object only.
 */
import { ok, type Result } from "../../src/core/result.ts";
import { invalid } from "./errors.ts";
import type { RegistryError } from "./rpc.ts";
import type { OpenRegistry } from "./store.ts";

/** Installations that wait for their end: more than a team of people begins in a quarter of an hour. */
const STATES_MAX = 100;

export function beginSlackInstall(
	{ store }: OpenRegistry,
	nonce: string,
	expiresAt: number,
	now: number,
): Result<null, RegistryError> {
	return store.transaction(() => {
		store.deleteSlackStates.run(now);
		if ((store.countSlackStates.first()?.states ?? 0) >= STATES_MAX) {
			return invalid("", `${STATES_MAX} installations wait to be finished; let them expire first`);
		}
		store.putSlackState.run(nonce, expiresAt);
		return ok(null);
	});
}

/** Whether an installation was begun under `nonce` and not been finished. It is now. */
export function takeSlackInstall({ store }: OpenRegistry, nonce: string, now: number): boolean {
	return store.takeSlackState.first(nonce, now) !== undefined;
}
