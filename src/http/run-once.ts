/**
 * Runs a call at most once per `Idempotency-Key`: reserves the key in the shard that is its home,
 * runs the call, stores what it answered. For every POST but creates of timers, which do the same
 * inside their shard in one transaction. A call that fails has stored nothing, so it frees its key
 * and may be tried again.
 */
import { registryOf, shardOf } from "../../durable-objects/shared/object-names.ts";
import type { TenantConfig } from "../../durable-objects/tenant-registry/rpc.ts";
import type { IdempotencyClaim } from "../../durable-objects/tenant-shard/rpc.ts";
import { err, ok, type Result } from "../core/result.ts";
import { homesOfKey } from "../core/shard-count.ts";
import { DAY } from "../core/units.ts";
import { requireTenantKey } from "../tenant-keys.ts";
import type { AnyContext } from "./context.ts";
import type { HttpFailure } from "./failure.ts";
import { registryFailure } from "./registry-failure.ts";
import type { Reply } from "./reply.ts";
import { shardCall } from "./shard-call.ts";
import { shardFailure } from "./shard-failure.ts";
import { readAnswer, writeAnswer } from "./stored-answer.ts";

/** Milliseconds that an answer is kept, and so the time in which an earlier home may hold it. */
const ANSWER_KEPT_MS = DAY;

type Outcome = Result<Reply, HttpFailure>;
type Run = () => Promise<Outcome> | Outcome;

export type KeyedCall = {
	readonly context: AnyContext;
	readonly claim: IdempotencyClaim;
	/** Whose shard keeps the answer. */
	readonly tenant: string;
	/** Fields of the answer that are shown once and never stored. */
	readonly secrets: readonly string[];
};

export async function runOnce(call: KeyedCall, run: Run): Promise<Outcome> {
	const config = await findConfig(call);
	if (!config.ok) return config;
	return config.value === undefined ? runThenKeep(call, run) : runReserved(call, config.value, run);
}

async function runReserved(call: KeyedCall, config: TenantConfig, run: Run): Promise<Outcome> {
	const { home, earlier } = homesOf(call, config);
	const key = await requireTenantKey(call.context.env, config, call.context.now);
	const taken: number[] = [];
	let answer: string | null = null;
	try {
		for (const shard of [...earlier, home]) {
			const reserved = await reserve(call, config, shard);
			if (!reserved.ok) return reserved;
			if (reserved.value !== null) return ok(await readAnswer(key, reserved.value));
			taken.push(shard);
		}
		const outcome = await run();
		if (outcome.ok) answer = await writeAnswer(key, outcome.value, call.secrets);
		return outcome;
	} finally {
		// The home first: a second request waits at the earlier ones until the answer is there.
		for (const shard of taken.toReversed()) {
			await complete(call, config, shard, shard === home ? answer : null);
		}
	}
}

/** For the call that makes the tenant: there is no shard to ask before it has run. A repeat finds
 * the tenant, and with it the answer. */
async function runThenKeep(call: KeyedCall, run: Run): Promise<Outcome> {
	const outcome = await run();
	if (!outcome.ok) return outcome;
	const config = await findConfig(call);
	if (!config.ok) return config;
	if (config.value !== undefined) {
		const { home } = homesOf(call, config.value);
		const reserved = await reserve(call, config.value, home);
		if (!reserved.ok) return reserved;
		const key = await requireTenantKey(call.context.env, config.value, call.context.now);
		const answer = await writeAnswer(key, outcome.value, call.secrets);
		await complete(call, config.value, home, answer);
	}
	return outcome;
}

/** `undefined` while there is no such tenant. */
async function findConfig({
	context,
	tenant,
}: KeyedCall): Promise<Result<TenantConfig | undefined, HttpFailure>> {
	if (context.config !== undefined) return ok(context.config);
	const config = await registryOf(context.env, tenant).config();
	if (config.ok) return config;
	if (config.error.code === "not_found") return ok(undefined);
	return err(registryFailure(config.error, "The tenant"));
}

function homesOf({ claim, context }: KeyedCall, { shardSteps }: TenantConfig) {
	return homesOfKey(claim.key, shardSteps, context.now, ANSWER_KEPT_MS);
}

async function reserve(
	{ context, claim, tenant }: KeyedCall,
	config: TenantConfig,
	shard: number,
): Promise<Result<string | null, HttpFailure>> {
	const call = shardCall({ config, traceparent: context.traceparent }, shard);
	const reserved = await shardOf(context.env, tenant, shard, config.region).reserveKey(call, claim);
	return reserved.ok
		? ok(reserved.value.answer)
		: err(shardFailure(reserved.error, "The idempotency key"));
}

async function complete(
	{ context, claim, tenant }: KeyedCall,
	config: TenantConfig,
	shard: number,
	answer: string | null,
): Promise<void> {
	const call = shardCall({ config, traceparent: context.traceparent }, shard);
	await shardOf(context.env, tenant, shard, config.region).completeKey(call, claim.key, answer);
}
