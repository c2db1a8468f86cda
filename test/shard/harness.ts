/** Drives one shard from a test: create, ring the alarm, report outcomes, restart, count rows. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import type { MetricsPush } from "../../durable-objects/metrics/rpc.ts";
import type {
	Created,
	IdempotencyClaim,
	NewTimer,
	ShardCall,
	TenantShardRpc,
} from "../../durable-objects/tenant-shard/rpc.ts";
import { createStore, type Store } from "../../durable-objects/tenant-shard/store.ts";
import type { DeliveryOutcome, Envelope } from "../../src/contract/envelope.ts";
import type { PlanId } from "../../src/contract/tenant.ts";
import type { JitterPolicy } from "../../src/core/drift/compensation.ts";
import { firingPolicyOf } from "../../src/core/firing/policy.ts";
import { formatTimerDoc, type TimerDoc } from "../../src/core/timer-doc.ts";
import { flagsOfDoc } from "../../src/core/timer-flags.ts";
import { timerStateOf } from "../../src/core/timer-state.ts";
import type { Env } from "../../src/env.ts";
import { setClock } from "./clock.ts";
import { dropPushes, releasePushes, releaseWrites } from "./held-pushes.ts";
import { labOf } from "./lab.ts";
import { registries } from "./worker.ts";

// The plugin's `env` is untyped unless the project declares it globally.
export const env = bindings as unknown as Env;

/** More rings than anything needs that is not going round in circles. */
const RINGS_MAX = 500;

let tenants = 0;
let boots = 1;

export type ShardDriver = ReturnType<typeof newShard>;

/** A shard of a tenant that no other test uses. */
export function newShard(
	options: {
		readonly plan?: PlanId;
		readonly shard?: number;
		readonly tenant?: string;
		readonly jitterPolicy?: JitterPolicy;
	} = {},
) {
	const { plan = "enterprise", shard = 0, jitterPolicy } = options;
	dropPushes();
	const { tenant = `tenant-${++tenants}-${crypto.randomUUID().slice(0, 8)}` } = options;
	const name = `${tenant}:${shard}`;
	const id = env.TENANT_SHARD.idFromName(name);
	const call: ShardCall = { tenant, shard, configVersion: 1, traceparent: null };
	const lab = labOf(name);
	registries.set(tenant, { plan, version: 1, ...(jitterPolicy && { jitterPolicy }) });
	// The type of a stub nests too deeply to be checked beside the assertions on it.
	const stub = () => env.TENANT_SHARD.get(id) as unknown as TenantShardRpc;
	const inside = <T>(work: (storage: DurableObjectStorage) => T | Promise<T>) =>
		runInDurableObject(env.TENANT_SHARD.get(id), (_, state) => work(state.storage));
	const store = <T>(read: (store: Store) => T) => inside((storage) => read(createStore(storage)));
	const alarmAt = () => inside((storage) => storage.getAlarm());
	let taken = 0;

	/** Envelopes handed to senders since the last call. */
	function take(): Envelope[] {
		const envelopes = lab.sent.slice(taken).map((item) => item.envelope);
		taken = lab.sent.length;
		return envelopes;
	}

	/** Waits until the object does nothing any more on its own account. */
	async function idle(): Promise<void> {
		while (lab.background.size > 0) await Promise.allSettled([...lab.background]);
	}

	/** Rings the alarm if one is armed. */
	async function ring(): Promise<boolean> {
		const rang = await runDurableObjectAlarm(env.TENANT_SHARD.get(id));
		await idle();
		return rang;
	}

	/** Moves the clock to `to`, ringing on the way whenever the alarm asks for it. */
	async function pass(to: number): Promise<void> {
		for (let rings = 0; ; rings++) {
			const at = await alarmAt();
			if (at === null || at > to) break;
			if (rings === RINGS_MAX) throw new Error(`The alarm has rung ${RINGS_MAX} times by ${at}.`);
			setClock(Math.max(at, Date.now()));
			await ring();
		}
		setClock(to);
	}

	/** The same; answers what this sent. */
	async function advance(to: number): Promise<Envelope[]> {
		await pass(to);
		return take();
	}

	async function create(timer: NewTimer, key: IdempotencyClaim | null = null): Promise<Created> {
		return accepted(await stub().create(call, timer, key));
	}

	/** Creates many at once, in batches as large as a caller may send. */
	async function createMany(count: number, timer: NewTimer): Promise<void> {
		for (let left = count; left > 0; left -= 10_000) {
			const size = Math.min(left, 10_000);
			const timers = Array.from({ length: size }, (_, index) => ({ index, timer }));
			accepted(await stub().createBatch(call, timers, null));
		}
	}

	async function report(
		envelope: Envelope,
		outcomes: readonly DeliveryOutcome[] = delivered(envelope),
		last = true,
	): Promise<void> {
		await stub().report({ claim: envelope.claim, outcomes, last });
		await idle();
	}

	/** Five seconds pass for the figures that this shard has to push; answers all it has pushed. */
	async function push(): Promise<readonly MetricsPush[]> {
		await inside(async () => {
			releasePushes();
			await new Promise((resolve) => setTimeout(resolve, 0));
		});
		return lab.pushes;
	}

	/** Ten seconds pass for the lateness that this shard has to write. */
	const writeLateness = () => inside(releaseWrites);

	async function evict(): Promise<void> {
		await idle();
		// An object that does not run cannot be evicted, so this makes sure that it does.
		await stub().usage();
		await evictDurableObject(env.TENANT_SHARD.get(id));
	}

	return {
		name,
		tenant,
		call,
		lab,
		stub,
		inside,
		store,
		alarmAt,
		take,
		idle,
		ring,
		pass,
		advance,
		create,
		createMany,
		report,
		push,
		writeLateness,
		evict,
		/** The process dies and another one starts: another epoch. */
		async reboot(): Promise<void> {
			lab.bootId = `boot-${++boots}`;
			await evict();
			await stub().wake(call);
		},
		/** All envelopes so far. */
		envelopes: () => lab.sent.map((item) => item.envelope),
		/** The state as it is stored. */
		stateOf: (seq: number) =>
			store((one) => {
				const row = one.getTimer.first(seq);
				return row === undefined ? null : timerStateOf(row.state);
			}),
		timer: async (seq: number) => accepted(await stub().get(seq)),
		statusOf: async (seq: number) => accepted(await stub().get(seq)).status,
		/** The types of a timer's events, oldest first. */
		async events(seq: number): Promise<string[]> {
			const { items } = accepted(await stub().events(seq, 0, 10_000));
			return items.map((event) => event.type).reverse();
		},
		deliveries: async (seq: number) => accepted(await stub().deliveries(seq, 0, 1_000)).items,
		claims: () => store((one) => one.listClaims.all()),
	};
}

/** The value of a result that must be one. */
export function accepted<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
	if (result.ok) return result.value;
	throw new Error(`The shard refused: ${JSON.stringify(result.error)}`);
}

/** The code of a result that must be a refusal. */
export function refusal(result: { ok: true } | { ok: false; error: { code: string } }): string {
	if (!result.ok) return result.error.code;
	throw new Error("The shard accepted what it should have refused.");
}

export function timerOf(dueAt: number, doc: TimerDoc = WEBHOOK, dedupeKey?: string): NewTimer {
	const firing = firingPolicyOf(doc);
	return {
		dueAt,
		flags: flagsOfDoc(doc),
		name: doc.name ?? null,
		doc: formatTimerDoc(dedupeKey === undefined ? doc : { ...doc, dedupeKey }),
		dedupeKey: dedupeKey ?? null,
		...(firing && { firing }),
	};
}

const ACTION = { type: "webhook", url: "https://example.com/hooks/nightly" } as const;

export const WEBHOOK: TimerDoc = { name: "nightly-report", actions: [ACTION] };

/** A timer of `actions` webhooks. */
export function webhooks(actions: number, doc: TimerDoc = {}): TimerDoc {
	return { ...doc, actions: Array.from({ length: actions }, () => ACTION) };
}

/** The first of a list that must not be empty. */
export function only<T>(items: readonly T[]): T {
	const [item] = items;
	if (item === undefined || items.length !== 1) {
		throw new Error(`Expected one, got ${items.length}.`);
	}
	return item;
}

/** Every delivery of an envelope answered with 200. */
export function delivered(envelope: Envelope): DeliveryOutcome[] {
	return answered(envelope, 200);
}

/** Every delivery of an envelope answered with `status`. */
export function answered(envelope: Envelope, status: number): DeliveryOutcome[] {
	return envelope.deliveries.map((delivery) => outcomeOf(delivery, status));
}

type Target = Pick<DeliveryOutcome, "timer" | "firing" | "action" | "attempt">;

export function notStarted({ timer, firing, action, attempt }: Target): DeliveryOutcome {
	return { timer, firing, action, attempt, kind: "not_started" };
}

export function outcomeOf(delivery: Target, status: number): DeliveryOutcome {
	const { timer, firing, action, attempt } = delivery;
	const isSuccess = status < 300;
	return {
		timer,
		firing,
		action,
		attempt,
		kind: "attempted",
		class: isSuccess
			? "delivered"
			: status === 410
				? "gone"
				: status < 500
					? "terminal"
					: "retryable",
		outcome: isSuccess ? "delivered" : "http_error",
		sentAt: Date.now(),
		durationMs: 3,
		status,
		error: null,
		excerpt: isSuccess ? null : "no",
		retryAfterMs: null,
	};
}
