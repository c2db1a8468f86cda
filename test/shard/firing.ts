/** The timers that most tests begin with: of some webhooks, scheduled or already claimed. */
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { START, setClock } from "./clock.ts";
import { newShard, only, timerOf, webhooks } from "./harness.ts";

export const DUE = START + 60_000;
export const RETRY_MS = 20_000;
/** Two retries, each after RETRY_MS. */
export const RETRY = { delaysMs: [RETRY_MS, RETRY_MS] };

/** A shard whose timer 1 has `actions` webhooks and is due at DUE. */
export async function scheduled(actions = 1, doc: TimerDoc = {}) {
	setClock(START);
	const shard = newShard();
	await shard.create(timerOf(DUE, webhooks(actions, { retry: RETRY, ...doc })));
	return shard;
}

/** The same with the timer claimed, in one envelope. */
export async function firing(actions = 1, doc: TimerDoc = {}) {
	const shard = await scheduled(actions, doc);
	return { shard, envelope: only(await shard.advance(DUE)) };
}
