/**
 * Wakes every shard that may have pending timers: at the start of the local runtime, where objects
 * do not come up by themselves, and every five minutes against lost alarms (decision 4). A shard
 * that cannot be woken is counted and logged, and holds up no other.
 */
import { directoryOf, registryOf, shardOf } from "../durable-objects/shared/object-names.ts";
import { eachAtMost } from "./each-at-most.ts";
import type { Env } from "./env.ts";
import { createAttempt } from "./wake-attempt.ts";

/** Calls to objects under way at once: enough to hide their latency, few enough for one isolate. */
export const CONCURRENCY = 32;
/** Tenants per page of the directory. */
const DIRECTORY_PAGE = 1_000;

export type WakeSummary = {
	tenants: number;
	shards: number;
	pending: number;
	overdue: number;
	/** Epoch ms of the earliest due time of all; null when nothing waits. */
	nextDueAt: number | null;
	/** Registries and shards that did not answer. */
	failed: number;
};

type Watched = {
	readonly tenant: string;
	readonly shard: number;
	readonly configVersion: number;
	readonly aheadMs?: number;
};
type Exec = Pick<ExecutionContext, "waitUntil">;

/** @param clockWasSet whether the machine's clock was set, ahead or back */
export async function wakeShards(env: Env, exec: Exec, clockWasSet = false): Promise<WakeSummary> {
	const tenants = await listTenants(env);
	const summary: WakeSummary = {
		tenants: tenants.length,
		shards: 0,
		pending: 0,
		overdue: 0,
		nextDueAt: null,
		failed: 0,
	};
	const watched: Watched[] = [];

	const attempt = createAttempt(env, exec, () => {
		summary.failed += 1;
	});

	await eachAtMost(CONCURRENCY, tenants, (tenant) =>
		attempt(tenant, async () => {
			const { shards, ...known } = await registryOf(env, tenant).watchedShards();
			for (const shard of shards) watched.push({ ...known, tenant, shard });
		}),
	);
	await eachAtMost(CONCURRENCY, watched, (call) =>
		attempt(`${call.tenant}:${call.shard}`, async () => {
			const woken = await shardOf(env, call.tenant, call.shard).wake({ ...call, clockWasSet });
			summary.shards += 1;
			summary.pending += woken.pending;
			summary.overdue += woken.overdue;
			summary.nextDueAt = earlier(summary.nextDueAt, woken.nextDueAt);
		}),
	);
	return summary;
}

export async function listTenants(env: Env): Promise<readonly string[]> {
	const tenants: string[] = [];
	for (;;) {
		const page = await directoryOf(env).listTenants(tenants.at(-1) ?? null, DIRECTORY_PAGE);
		tenants.push(...page);
		if (page.length < DIRECTORY_PAGE) return tenants;
	}
}

function earlier(a: number | null, b: number | null): number | null {
	if (a === null || b === null) return a ?? b;
	return Math.min(a, b);
}
