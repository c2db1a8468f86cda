/** The calls that tests of dead letters make, and the timer that they begin with. */
import type { DeadLetterFilter } from "../../durable-objects/tenant-shard/rpc.ts";
import type { DeadLetterPatch } from "../../src/contract/delivery.ts";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { firing, RETRY_MS } from "./firing.ts";
import { answered, type ShardDriver } from "./harness.ts";

export const ANY: DeadLetterFilter = {
	name: null,
	labels: [],
	deadBefore: null,
	deadAfter: null,
	host: null,
};

/** A claimed timer of which each action is tried twice. */
export function tried(actions = 1, doc: TimerDoc = {}) {
	return firing(actions, { retry: { delaysMs: [RETRY_MS] }, ...doc });
}

/** A shard whose timer 1 has failed at once. */
export async function failed(actions = 1, doc: TimerDoc = {}) {
	const { shard, envelope } = await tried(actions, doc);
	await shard.report(envelope, answered(envelope, 404));
	return shard;
}

export function letters(shard: ShardDriver, filter: Partial<DeadLetterFilter> = {}, limit = 1_000) {
	return shard.stub().deadLetters({ ...ANY, ...filter }, null, limit);
}

export function replay(shard: ShardDriver, action = 0, patch: DeadLetterPatch | null = null) {
	return shard.stub().replayDeadLetter(shard.call, 1, 1, action, patch);
}

export function drop(shard: ShardDriver, action = 0) {
	return shard.stub().deleteDeadLetter(shard.call, 1, 1, action);
}
