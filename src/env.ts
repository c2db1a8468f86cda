/** The bindings of `wrangler.toml`, typed; and the settings read from them. */
import type { AgentMailboxRpc } from "../durable-objects/agent-mailbox/rpc.ts";
import type { EndpointHealthRpc } from "../durable-objects/endpoint-health/rpc.ts";
import type { EventHubRpc } from "../durable-objects/event-hub/rpc.ts";
import type { MetricsRpc } from "../durable-objects/metrics/rpc.ts";
import type { SlackWorkspaceRpc } from "../durable-objects/slack-workspace/rpc.ts";
import type { DirectoryRpc, TenantRegistryRpc } from "../durable-objects/tenant-registry/rpc.ts";
import type { TenantShardRpc } from "../durable-objects/tenant-shard/rpc.ts";
import type { Envelope } from "./contract/envelope.ts";

type ObjectWith<T> = Rpc.DurableObjectBranded & T;

export interface Env {
	readonly TENANT_SHARD: DurableObjectNamespace<ObjectWith<TenantShardRpc>>;
	readonly TENANT_REGISTRY: DurableObjectNamespace<ObjectWith<TenantRegistryRpc>>;
	readonly DIRECTORY: DurableObjectNamespace<ObjectWith<DirectoryRpc>>;
	readonly AGENT_MAILBOX: DurableObjectNamespace<ObjectWith<AgentMailboxRpc>>;
	readonly EVENT_HUB: DurableObjectNamespace<ObjectWith<EventHubRpc>>;
	readonly ENDPOINT_HEALTH: DurableObjectNamespace<ObjectWith<EndpointHealthRpc>>;
	readonly METRICS: DurableObjectNamespace<ObjectWith<MetricsRpc>>;
	readonly SLACK_WORKSPACE: DurableObjectNamespace<ObjectWith<SlackWorkspaceRpc>>;
	readonly QUEUE_HIGH: Queue<Envelope>;
	readonly QUEUE_MEDIUM: Queue<Envelope>;
	readonly QUEUE_LOW: Queue<Envelope>;
	readonly PAYLOADS: R2Bucket;
	/** Set by the local runtime: a network service that checks every address it connects to. */
	readonly OUTBOUND?: Fetcher;
	readonly BOOT_ID: string;
	readonly RUNTIME: "edge" | "local";
	readonly ALLOW_LOOPBACK: "true" | "false";
	readonly OWN_PORTS: string;
	/** "off": no figures are pushed and no health is asked, so that what both cost can be measured. */
	readonly OBSERVERS?: "on" | "off";
	/** "on": a tenant's time can be moved (`/v1/dev/clock`). Only the local runtime sets it. */
	readonly DEV_CLOCK?: "on" | "off";
	readonly CORS_ORIGINS: string;
	/** Of the Slack app; without them the network has no Slack. */
	readonly SLACK_CLIENT_ID?: string;
	readonly SLACK_CLIENT_SECRET?: string;
	/** What Slack signs its requests with; without it every one of them is refused. */
	readonly SLACK_SIGNING_SECRET?: string;
	/** Where Slack's API is, for tests and local trials; `https://slack.com/api` unless set. */
	readonly SLACK_API_URL?: string;
	/** Root of every derived key; 32 bytes, base64url. */
	readonly MINOOTS_MASTER_KEY: string;
	/** The operator's key. */
	readonly MINOOTS_ADMIN_KEY: string;
}
