/** The Worker that mailbox tests run in: the mailbox as deployed, and shards that note what they hear. */
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import { AgentMailbox as DeployedMailbox } from "../../durable-objects/agent-mailbox/agent-mailbox-do.ts";
import type { MessageReport } from "../../durable-objects/agent-mailbox/rpc.ts";
import type { MetricsPush, MetricsRpc } from "../../durable-objects/metrics/rpc.ts";
import type { Env } from "../../src/env.ts";
import "../shard/held-pushes.ts";
import { meterStorage } from "../shard/meter.ts";
import { labOf } from "./lab.ts";

/** The mailbox as deployed, with its storage and its background work watched. */
export class AgentMailbox extends DeployedMailbox {
	constructor(ctx: DurableObjectState, env: Env) {
		const lab = labOf(tenantOf(ctx));
		meterStorage(ctx.storage, lab.cost);
		const waitUntil = ctx.waitUntil.bind(ctx);
		Object.defineProperty(ctx, "waitUntil", {
			value: (work: Promise<unknown>) => {
				lab.background.add(work);
				waitUntil(work.finally(() => lab.background.delete(work)));
			},
		});
		super(ctx, env);
	}
}

export class TenantShard extends DurableObject<Env> {
	async settleMessages(report: MessageReport): Promise<void> {
		const lab = labOf(tenantOf(this.ctx));
		const shard = Number(this.ctx.id.name?.split(":")[1]);
		lab.reports.push({ shard, report });
		await lab.onReport(shard);
	}
}

export class TenantRegistry extends DurableObject<Env> {}
export class Directory extends DurableObject<Env> {}
export class EventHub extends DurableObject<Env> {}
/** Notes who told it what. */
export class Metrics extends DurableObject<Env> implements Pick<MetricsRpc, "push"> {
	async push(push: MetricsPush): Promise<void> {
		labOf(push.source.split(":")[1] ?? "").pushes.push(push);
	}
}

export class Sender extends WorkerEntrypoint<Env> {}

function tenantOf(ctx: DurableObjectState): string {
	return ctx.id.name?.split(":")[0] ?? "";
}

export default {
	async fetch(): Promise<Response> {
		return new Response(null, { status: 404 });
	},
	/** Nothing comes here: mailboxes send to no queue. */
	async queue(): Promise<void> {},
} satisfies ExportedHandler<Env>;
