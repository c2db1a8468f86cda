/**
 * What the sender's tests stand on: an environment whose network is a function and whose shard only
 * notes what it is told, and envelopes as a shard makes them. The keys and the gate are the real ones.
 */
import { env } from "cloudflare:workers";
import type { MailboxCall, NewMessage } from "../../../durable-objects/agent-mailbox/rpc.ts";
import { createTenantKey } from "../../../durable-objects/shared/seal.ts";
import {
	type DeliveryOutcome,
	ENVELOPE_VERSION,
	type Envelope,
	type EnvelopeDelivery,
	type OutcomeReport,
	type SealedSecret,
} from "../../../src/contract/envelope.ts";
import { ok } from "../../../src/core/result.ts";
import type { AgentDoc, TimerDoc, WebhookDoc } from "../../../src/core/timer-doc.ts";
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
	/** Each call of a mailbox. */
	readonly handed: readonly {
		readonly call: MailboxCall;
		readonly messages: readonly NewMessage[];
	}[];
	/** The mailboxes that were registered. */
	readonly registered: readonly string[];
	readonly outcomes: () => DeliveryOutcome[];
	/** Resolves when everything that was handed to `waitUntil` has. */
	readonly settled: () => Promise<void>;
};

type StageOptions = {
	readonly network?: Network;
	readonly runtime?: Env["RUNTIME"];
	/** Runs before a mailbox notes what it was handed; may throw. */
	readonly onAccept?: (call: MailboxCall) => void;
	/** Runs in place of noting a report; may throw. */
	readonly onReport?: (report: OutcomeReport) => void;
};

export function stage({
	network = accepting,
	runtime = "local",
	onAccept,
	onReport,
}: StageOptions = {}): Stage {
	const sent: Sent[] = [];
	const reports: OutcomeReport[] = [];
	const handed: Stage["handed"][number][] = [];
	const registered: string[] = [];
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
	const mailbox = {
		async accept(call: MailboxCall, messages: readonly NewMessage[]): Promise<void> {
			onAccept?.(call);
			handed.push(structuredClone({ call, messages }));
		},
	};
	const registry = {
		async addMailbox(name: string) {
			registered.push(name);
			return ok(null);
		},
	};
	return {
		env: {
			...env,
			RUNTIME: runtime,
			ALLOW_LOOPBACK: "false",
			OWN_PORTS: "",
			OUTBOUND: outbound as unknown as Fetcher, // Only `fetch` of it is called.
			TENANT_SHARD: namespaceOf<Env["TENANT_SHARD"]>(shard),
			TENANT_REGISTRY: namespaceOf<Env["TENANT_REGISTRY"]>(registry),
			AGENT_MAILBOX: namespaceOf<Env["AGENT_MAILBOX"]>(mailbox),
		},
		// Only `waitUntil` is called.
		ctx: {
			waitUntil: (task: Promise<unknown>) => pending.push(task),
		} as unknown as ExecutionContext,
		sent,
		handed,
		registered,
		reports,
		outcomes: () => reports.flatMap((report) => report.outcomes),
		async settled() {
			for (const task of pending) await task;
		},
	};
}

/** A namespace of which every name leads to the same object. */
function namespaceOf<Namespace>(object: object): Namespace {
	// Only what makes a stub of a name.
	return { idFromName: (name: string) => name, get: () => object } as Namespace;
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

/** A delivery of a timer whose only action is for an agent. */
export function agentDeliveryOf(
	agent: Partial<AgentDoc> = {},
	overrides: Partial<EnvelopeDelivery> = {},
): EnvelopeDelivery {
	const action: AgentDoc = { type: "agent", mailbox: "build", ...agent };
	return deliveryOf({}, { ...overrides, inDoc: { actions: [action] } });
}

/** So many deliveries of so many timers. */
export function deliveriesOf(count: number, webhook: Partial<WebhookDoc> = {}): EnvelopeDelivery[] {
	return Array.from({ length: count }, (_, index) => deliveryOf(webhook, { timer: index + 1 }));
}

export function headersOf(sent: Sent | undefined): Record<string, string> {
	return Object.fromEntries(new Headers(sent?.init.headers));
}
