/** Drives one shard from a test: create, ring the alarm, report outcomes, count rows. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import type { NewTimer, ShardCall } from "../../durable-objects/tenant-shard/rpc.ts";
import { createStore } from "../../durable-objects/tenant-shard/store.ts";
import type { DeliveryOutcome, Envelope } from "../../src/contract/envelope.ts";
import { formatTimerDoc, type TimerDoc } from "../../src/core/timer-doc.ts";
import { flagsOfDoc } from "../../src/core/timer-flags.ts";
import type { Env } from "../../src/env.ts";
import { handed, meters, queued } from "./worker.ts";

// The plugin's `env` is untyped unless the project declares it globally.
export const env = bindings as unknown as Env;

let tenants = 0;

export type ShardDriver = ReturnType<typeof newShard>;

/** A shard of a tenant that no other test uses. */
export function newShard(tenant = `tenant-${++tenants}-${crypto.randomUUID().slice(0, 8)}`) {
	const id = env.TENANT_SHARD.idFromName(`${tenant}:0`);
	const call: ShardCall = { tenant, shard: 0, configVersion: 1, traceparent: null };
	const stub = () => env.TENANT_SHARD.get(id);
	return {
		tenant,
		call,
		stub,
		/** Rings the alarm if one is armed, and answers the envelopes that this handed to senders. */
		async ring(): Promise<Envelope[]> {
			const before = new Set([...handed, ...queued]);
			await runDurableObjectAlarm(stub());
			return [...handed, ...queued].filter((e) => e.tenant === tenant && !before.has(e));
		},
		envelopes: () => [...handed, ...queued].filter((envelope) => envelope.tenant === tenant),
		/** What the shard has read, written and armed so far. */
		meter: () => ({ ...(meters.get(`${tenant}:0`) ?? { rowsRead: 0, rowsWritten: 0, alarms: 0 }) }),
		evict: () => evictDurableObject(stub()),
		inside: <T>(work: (storage: DurableObjectStorage) => T | Promise<T>) =>
			runInDurableObject(stub(), (_, state) => work(state.storage)),
		store: <T>(read: (store: ReturnType<typeof createStore>) => T) =>
			runInDurableObject(stub(), (_, state) => read(createStore(state.storage))),
	};
}

export function timerOf(dueAt: number, doc: TimerDoc = WEBHOOK, dedupeKey?: string): NewTimer {
	return {
		dueAt,
		flags: flagsOfDoc(doc),
		name: doc.name ?? null,
		doc: formatTimerDoc(doc),
		dedupeKey: dedupeKey ?? null,
	};
}

export const WEBHOOK: TimerDoc = {
	name: "nightly-report",
	actions: [{ type: "webhook", url: "https://example.com/hooks/nightly" }],
};

/** Every delivery of an envelope answered with 200. */
export function delivered(envelope: Envelope): DeliveryOutcome[] {
	return envelope.deliveries.map((delivery) => outcomeOf(delivery, 200));
}

export function outcomeOf(
	delivery: Pick<DeliveryOutcome, "timer" | "firing" | "action" | "attempt">,
	status: number,
): DeliveryOutcome {
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
