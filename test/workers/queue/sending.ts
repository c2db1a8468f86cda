/**
 * What the sender's tests stand on: an environment whose network is a function and whose shard only
 * notes what it is told, and envelopes as a shard makes them. The keys and the gate are the real ones.
 */
import { env } from "cloudflare:workers";
import { createTenantKey } from "../../../durable-objects/shared/seal.ts";
import {
	type DeliveryOutcome,
	ENVELOPE_VERSION,
	type Envelope,
	type EnvelopeDelivery,
	type OutcomeReport,
	type SealedSecret,
} from "../../../src/contract/envelope.ts";
import type { TimerDoc, WebhookDoc } from "../../../src/core/timer-doc.ts";
import { MINUTE } from "../../../src/core/units.ts";
import type { Env } from "../../../src/env.ts";

export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const HOOK = "https://hooks.example.com/timers?key=abc";

export type Sent = { readonly url: string; readonly init: RequestInit; readonly body: string };
export type Network = (sent: Sent, index: number) => Response | Promise<Response>;

/** Answers 200 and nothing more. */
export const accepting: Network = () => new Response("ok");

export type Stage = {
	readonly env: Env;
	readonly ctx: ExecutionContext;
	readonly sent: readonly Sent[];
	readonly reports: readonly OutcomeReport[];
	readonly outcomes: () => DeliveryOutcome[];
	/** Resolves when everything that was handed to `waitUntil` has. */
	readonly settled: () => Promise<void>;
};

type StageOptions = {
	readonly network?: Network;
	readonly runtime?: Env["RUNTIME"];
	/** Runs in place of noting a report; may throw. */
	readonly onReport?: (report: OutcomeReport) => void;
};

export function stage({
	network = accepting,
	runtime = "local",
	onReport,
}: StageOptions = {}): Stage {
	const sent: Sent[] = [];
	const reports: OutcomeReport[] = [];
	const pending: Promise<unknown>[] = [];
	const outbound = {
		async fetch(url: string, init: RequestInit): Promise<Response> {
			const { body } = init;
			const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : (body ?? "");
			const one = { url, init, body: String(text) };
			sent.push(one);
			return await network(one, sent.length - 1);
		},
	};
	const shard = {
		async report(report: OutcomeReport): Promise<void> {
			onReport?.(structuredClone(report));
			reports.push(report);
		},
	};
	return {
		env: {
			...env,
			RUNTIME: runtime,
			ALLOW_LOOPBACK: "false",
			OWN_PORTS: "",
			OUTBOUND: outbound as unknown as Fetcher, // Only `fetch` of it is called.
			TENANT_SHARD: {
				idFromName: (name: string) => name,
				get: () => shard,
			} as unknown as Env["TENANT_SHARD"], // Only what `shardOf` calls.
		},
		// Only `waitUntil` is called.
		ctx: {
			waitUntil: (task: Promise<unknown>) => pending.push(task),
		} as unknown as ExecutionContext,
		sent,
		reports,
		outcomes: () => reports.flatMap((report) => report.outcomes),
		async settled() {
			for (const task of pending) await task;
		},
	};
}

let tenants = 0;

/** An envelope of a tenant of its own. */
export async function envelopeOf(
	deliveries: readonly EnvelopeDelivery[],
	{
		secrets = [[SECRET, null]],
		...overrides
	}: Partial<Omit<Envelope, "secrets">> & {
		readonly secrets?: readonly (readonly [secret: string, signsUntil: number | null])[];
	} = {},
): Promise<Envelope> {
	const tenant = `sending-${++tenants}`;
	const { key, wrapped } = await createTenantKey(env.MINOOTS_MASTER_KEY, tenant);
	const sealed: SealedSecret[] = [];
	for (const [secret, signsUntil] of secrets) {
		sealed.push({ sealed: await key.seal("webhook-secret", secret), signsUntil });
	}
	return {
		version: ENVELOPE_VERSION,
		tenant,
		shard: 3,
		claim: 77,
		claimedAt: Date.now(),
		leaseUntil: Date.now() + 5 * MINUTE,
		priority: "medium",
		wrappedKey: wrapped,
		deliveries,
		...overrides,
		secrets: sealed,
	};
}

/** A delivery of a timer whose only action is a webhook. */
export function deliveryOf(
	webhook: Partial<WebhookDoc> = {},
	overrides: Partial<EnvelopeDelivery> & { readonly inDoc?: TimerDoc } = {},
): EnvelopeDelivery {
	const { inDoc, ...rest } = overrides;
	const doc: TimerDoc = { name: "backup", actions: [{ type: "webhook", url: HOOK, ...webhook }] };
	return {
		timer: 1,
		firing: 1,
		action: 0,
		attempt: 1,
		dueAt: Date.UTC(2026, 10, 21),
		doc: JSON.stringify({ ...doc, ...inDoc }),
		...rest,
	};
}

/** So many deliveries of so many timers. */
export function deliveriesOf(count: number, webhook: Partial<WebhookDoc> = {}): EnvelopeDelivery[] {
	return Array.from({ length: count }, (_, index) => deliveryOf(webhook, { timer: index + 1 }));
}

export function headersOf(sent: Sent | undefined): Record<string, string> {
	return Object.fromEntries(new Headers(sent?.init.headers));
}
