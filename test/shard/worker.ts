/**
 * The Worker that shard tests run in: the shard as deployed, a registry that answers from a table
 * that the test writes, and senders and queues that only note what they were handed. Tests report
 * the outcomes themselves, so every interleaving can be made to happen.
 */
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import type { AgentMailboxRpc } from "../../durable-objects/agent-mailbox/rpc.ts";
import type { EventHubRpc } from "../../durable-objects/event-hub/rpc.ts";
import type { MetricsPush, MetricsRpc } from "../../durable-objects/metrics/rpc.ts";
import type { TenantRegistryRpc } from "../../durable-objects/tenant-registry/rpc.ts";
import { TenantShard as DeployedShard } from "../../durable-objects/tenant-shard/tenant-shard-do.ts";
import type { Envelope } from "../../src/contract/envelope.ts";
import type { PlanId } from "../../src/contract/tenant.ts";
import type { JitterPolicy } from "../../src/core/drift/compensation.ts";
import { planOf } from "../../src/core/plan.ts";
import { decideGrant } from "../../src/core/quota-grants.ts";
import { ok } from "../../src/core/result.ts";
import type { Env } from "../../src/env.ts";
import { type Lab, labOf } from "./lab.ts";
import { meterStorage } from "./meter.ts";
import "./held-pushes.ts";

/** The shard as deployed, with its storage, its queues and its background work watched. */
export class TenantShard extends DeployedShard {
	constructor(ctx: DurableObjectState, env: Env) {
		const lab = labOf(ctx.id.name ?? "");
		meterStorage(ctx.storage, lab);
		const waitUntil = ctx.waitUntil.bind(ctx);
		Object.defineProperty(ctx, "waitUntil", {
			value: (work: Promise<unknown>) => {
				lab.background.add(work);
				waitUntil(work.finally(() => lab.background.delete(work)));
			},
		});
		super(ctx, {
			...env,
			BOOT_ID: lab.bootId,
			RUNTIME: lab.runtime,
			DEV_CLOCK: lab.devClock,
			QUEUE_HIGH: queueOf(lab),
			QUEUE_MEDIUM: queueOf(lab),
			QUEUE_LOW: queueOf(lab),
		});
	}
}

/** A queue that takes what the shard sends in it, or refuses as the test says. */
function queueOf(lab: Lab): Queue<Envelope> {
	const taken = async (messages: Iterable<MessageSendRequest<Envelope>>) => {
		if (lab.refuses("queue")) throw new Error("The queue refuses, as the test asked.");
		const batch = [...messages].map((message) => message.body);
		for (const envelope of batch) lab.sent.push({ road: "queue", envelope });
		lab.batches.push(batch);
		return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
	};
	// The shard calls nothing else of a queue.
	return { sendBatch: taken } as unknown as Queue<Envelope>;
}

/** What the registry of each tenant answers; the enterprise plan unless a test says otherwise. */
export const registries = new Map<
	string,
	{ plan: PlanId; version: number; jitterPolicy?: JitterPolicy }
>();

type Answered = Pick<TenantRegistryRpc, "shardConfig" | "watchShard" | "grantQuota">;

export class TenantRegistry extends DurableObject<Env> implements Answered {
	#granted = 0;

	#row(): NonNullable<ReturnType<typeof registries.get>> {
		return registries.get(this.ctx.id.name ?? "") ?? { plan: "enterprise", version: 1 };
	}

	async shardConfig() {
		const { plan, version, jitterPolicy } = this.#row();
		return ok({
			tenant: this.ctx.id.name ?? "",
			version,
			plan,
			shardSteps: [{ count: 1, effectiveAt: 0 }],
			region: null,
			wrappedKey: "wrapped",
			secrets: [],
			...(jitterPolicy && { jitterPolicy }),
		});
	}

	async watchShard() {}

	/** Decides as the deployed registry does, for a tenant of one shard. */
	async grantQuota(shard: number, used: number, want: number) {
		const lab = labOf(`${this.ctx.id.name}:${shard}`);
		lab.asks += 1;
		const quota = planOf(this.#row().plan).activeTimers ?? Number.MAX_SAFE_INTEGER;
		const grants = [{ shard, granted: this.#granted }];
		this.#granted = decideGrant({
			quota,
			grants,
			shard,
			used,
			want,
			isScarce: false,
		}).granted;
		await lab.beforeGrant(this.#granted);
		return ok(this.#granted);
	}
}

/** The tenant's event hub: notes which shard pokes it, and answers as the test says. */
export class EventHub extends DurableObject<Env> implements EventHubRpc {
	async poke(shard: number): Promise<boolean> {
		const lab = labOf(`${this.ctx.id.name}:${shard}`);
		lab.pokes += 1;
		return lab.isRead;
	}
}

/** What mailboxes were asked to withdraw, by their names. */
export const withdrawn = new Map<string, string[]>();

/** Notes who told it what. */
export class Metrics extends DurableObject<Env> implements Pick<MetricsRpc, "push"> {
	async push(push: MetricsPush): Promise<void> {
		const lab = labOf(push.source.replace(/^shard:/, ""));
		if (lab.refusesPush) throw new Error("The metrics object refuses, as the test asked.");
		lab.pushes.push(push);
	}
}

export class AgentMailbox extends DurableObject<Env> implements Pick<AgentMailboxRpc, "withdraw"> {
	async withdraw(ids: readonly string[]): Promise<void> {
		const name = this.ctx.id.name ?? "";
		withdrawn.set(name, [...(withdrawn.get(name) ?? []), ...ids]);
	}
}

export class Directory extends DurableObject<Env> {}

export class EndpointHealth extends DurableObject<Env> {}

export class Sender extends WorkerEntrypoint<Env> {
	async deliver(envelope: Envelope): Promise<void> {
		const lab = labOf(`${envelope.tenant}:${envelope.shard}`);
		if (lab.refuses("direct")) throw new Error("The sender refuses, as the test asked.");
		lab.sent.push({ road: "direct", envelope });
	}
}

export default {
	async fetch(): Promise<Response> {
		return new Response(null, { status: 404 });
	},
	/** Nothing comes here: the shard's queues are the ones above. */
	async queue(): Promise<void> {},
} satisfies ExportedHandler<Env, Envelope>;
