/**
 * The Worker that shard tests run in: the shard as deployed, a registry that answers from a table
 * that the test writes, and a sender that only notes what it was handed. Tests report the outcomes
 * themselves, so every interleaving can be made to happen.
 */
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import type { TenantRegistryRpc } from "../../durable-objects/tenant-registry/rpc.ts";
import { TenantShard as DeployedShard } from "../../durable-objects/tenant-shard/tenant-shard-do.ts";
import type { Envelope } from "../../src/contract/envelope.ts";
import type { PlanId } from "../../src/contract/tenant.ts";
import { ok } from "../../src/core/result.ts";
import type { Env } from "../../src/env.ts";
import { type Meter, meterStorage } from "./meter.ts";

/** What each shard has read, written and armed, by object name. */
export const meters = new Map<string, Meter>();

/** The shard as deployed, with a meter on its storage. */
export class TenantShard extends DeployedShard {
	constructor(ctx: DurableObjectState, env: Env) {
		const name = ctx.id.name ?? "";
		const meter = meters.get(name) ?? { rowsRead: 0, rowsWritten: 0, alarms: 0, transactions: 0 };
		meters.set(name, meter);
		meterStorage(ctx.storage, meter);
		super(ctx, env);
	}
}

/** What the registry of each tenant answers. */
export const registryOf = new Map<string, { plan: PlanId; version: number; granted: number }>();
/** Envelopes handed over directly, and calls of the registry, since the test began. */
export const handed: Envelope[] = [];
export const queued: Envelope[] = [];

type Answered = Pick<TenantRegistryRpc, "shardConfig" | "watchShard" | "grantQuota">;

export class TenantRegistry extends DurableObject<Env> implements Answered {
	#row() {
		return registryOf.get(this.ctx.id.name ?? "") ?? { plan: "enterprise", version: 1, granted: 0 };
	}

	async shardConfig() {
		const { plan, version } = this.#row();
		return ok({
			tenant: this.ctx.id.name ?? "",
			version,
			plan,
			shardSteps: [{ count: 1, effectiveAt: 0 }],
			wrappedKey: "wrapped",
			secrets: [],
		});
	}

	async watchShard() {}

	async grantQuota(_shard: number, used: number) {
		return ok(Math.max(used, this.#row().granted));
	}
}

export class Directory extends DurableObject<Env> {}

export class Sender extends WorkerEntrypoint<Env> {
	async deliver(envelope: Envelope): Promise<void> {
		handed.push(envelope);
	}
}

export default {
	async fetch(): Promise<Response> {
		return new Response(null, { status: 404 });
	},
	async queue(batch: MessageBatch<Envelope>): Promise<void> {
		for (const message of batch.messages) queued.push(message.body);
	},
} satisfies ExportedHandler<Env, Envelope>;
