/**
 * The Worker: what wrangler.toml and the runtime name. HTTP, queue and cron come in here; every
 * other module is imported from here. No logic.
 */
import { env } from "cloudflare:workers";
import { createApp } from "./app.ts";
import type { Envelope } from "./contract/envelope.ts";
import type { Env } from "./env.ts";
import { routesOf } from "./http/routes/all.ts";
import { consumeEnvelopes } from "./queue/consume.ts";
import { scheduled } from "./scheduled.ts";

export { AgentMailbox } from "../durable-objects/agent-mailbox/agent-mailbox-do.ts";
export { Directory } from "../durable-objects/directory/directory-do.ts";
export { EndpointHealth } from "../durable-objects/endpoint-health/endpoint-health-do.ts";
export { EventHub } from "../durable-objects/event-hub/event-hub-do.ts";
export { Metrics } from "../durable-objects/metrics/metrics-do.ts";
export { SlackWorkspace } from "../durable-objects/slack-workspace/slack-workspace-do.ts";
export { TenantRegistry } from "../durable-objects/tenant-registry/tenant-registry-do.ts";
export { TenantShard } from "../durable-objects/tenant-shard/tenant-shard-do.ts";
export { Sender } from "./queue/sender.ts";

// The type of `env` is that of whoever declares it globally; here nobody does.
const app = createApp(routesOf(env as Env));

export default {
	fetch: app.fetch,
	queue: consumeEnvelopes,
	scheduled,
} satisfies ExportedHandler<Env, Envelope>;
