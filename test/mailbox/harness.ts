/** Drives one mailbox from a test: put in, pull, acknowledge, ring the alarm, restart, count rows. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import type {
	AgentMailboxRpc,
	MailboxCall,
	NewMessage,
	PullCall,
} from "../../durable-objects/agent-mailbox/rpc.ts";
import type { MetricsPush } from "../../durable-objects/metrics/rpc.ts";
import type { Env } from "../../src/env.ts";
import { setClock } from "../shard/clock.ts";
import { releasePushes } from "../shard/held-pushes.ts";
import { labOf } from "./lab.ts";

const env = bindings as unknown as Env;

/** More rings than anything needs that is not going round in circles. */
const RINGS_MAX = 500;

export const DAY_MS = 86_400_000;

let mailboxes = 0;

export type MailboxDriver = ReturnType<typeof newMailbox>;

/** A mailbox of a tenant that no other test uses. */
export function newMailbox() {
	const tenant = `tenant-${++mailboxes}-${crypto.randomUUID().slice(0, 8)}`;
	const call: MailboxCall = { tenant, mailbox: "build-agents" };
	const id = env.AGENT_MAILBOX.idFromName(`${tenant}:${call.mailbox}`);
	const lab = labOf(tenant);
	// The type of a stub nests too deeply to be checked beside the assertions on it.
	const stub = () => env.AGENT_MAILBOX.get(id) as unknown as AgentMailboxRpc;
	const inside = <T>(work: (state: DurableObjectState) => T | Promise<T>) =>
		runInDurableObject(env.AGENT_MAILBOX.get(id), (_, state) => work(state));
	const alarmAt = () => inside(({ storage }) => storage.getAlarm());

	/** Waits until the object does nothing any more on its own account. */
	async function idle(): Promise<void> {
		while (lab.background.size > 0) await Promise.allSettled([...lab.background]);
	}

	/** Moves the clock to `to`, ringing on the way whenever the alarm asks for it. */
	async function pass(to: number): Promise<void> {
		for (let rings = 0; ; rings++) {
			const at = await alarmAt();
			if (at === null || at > to) break;
			if (rings === RINGS_MAX) throw new Error(`The alarm has rung ${RINGS_MAX} times by ${at}.`);
			setClock(Math.max(at, Date.now()));
			await runDurableObjectAlarm(env.AGENT_MAILBOX.get(id));
			await idle();
		}
		setClock(to);
	}

	/** Five seconds pass for the figures that this mailbox has to push; answers all it has pushed. */
	async function push(): Promise<readonly MetricsPush[]> {
		await inside(async () => {
			releasePushes();
			await new Promise((resolve) => setTimeout(resolve, 0));
		});
		return lab.pushes;
	}

	return {
		call,
		lab,
		push,
		stub,
		inside,
		alarmAt,
		idle,
		pass,
		evict: () => evictDurableObject(env.AGENT_MAILBOX.get(id)),
		put: (...messages: readonly NewMessage[]) => stub().accept(call, messages),
		pull: (pull: Partial<PullCall> = {}) =>
			stub().pull(call, { batchSize: 10, visibilityTimeoutMs: null, waitMs: 0, ...pull }),
		ack: (...leaseIds: readonly string[]) =>
			stub().ack(
				call,
				leaseIds.map((leaseId) => ({ leaseId, result: '{"ok":true}' })),
				[],
			),
		retry: (leaseId: string, delayMs = 0, notStarted = false) =>
			stub().ack(call, [], [{ leaseId, delayMs, reason: "not now", notStarted }]),
		outcomes: () => lab.reports.flatMap(({ report }) => report.outcomes),
	};
}

/** Message number `n`, put in by hand. */
export function byHand(n: number, changes: Partial<NewMessage> = {}): NewMessage {
	return {
		id: `msg_${n}`,
		origin: null,
		body: JSON.stringify({ n }),
		priority: 5,
		visibleAt: Date.now(),
		expiresAt: Date.now() + 14 * DAY_MS,
		ackTimeoutMs: 60_000,
		maxAttempts: 6,
		traceparent: null,
		...changes,
	};
}

/** Message number `n`, a delivery of `shard`. */
export function ofShard(n: number, shard = 0, changes: Partial<NewMessage> = {}): NewMessage {
	const origin = { shard, timer: n, firing: 1, action: 0, attempt: 1 };
	return byHand(n, { id: `dlv_${n}`, origin, ...changes });
}

/** As many of them as asked, from number 1 on. */
export function many(count: number, make: (n: number) => NewMessage = byHand): NewMessage[] {
	return Array.from({ length: count }, (_, index) => make(index + 1));
}
