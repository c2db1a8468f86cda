/** Who does something in Slack: the workspace's tenant, the person and what is known of them. */
import { slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import type { SlackScene } from "../../../durable-objects/slack-workspace/rpc.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { Arrival, TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { countRequest } from "../request-rate.ts";
import { tenantContextOf } from "./tenant-context.ts";

export type Scene = SlackScene & {
	readonly context: TenantContext;
	readonly team: string;
	readonly user: string;
	readonly channel: string | null;
};

/** The scene; null while the workspace is tied to no tenant. It counts as one request of the tenant. */
export async function openScene(
	arrival: Arrival,
	{ team, user, channel }: Pick<Scene, "team" | "user" | "channel">,
): Promise<Result<Scene | null, HttpFailure>> {
	const opened = await slackWorkspaceOf(arrival.env, team).open(user);
	if (opened === null) return ok(null);
	const context = await tenantContextOf(arrival, opened.installation.tenant, team);
	if (!context.ok) return context;
	const { tenant, config } = context.value;
	const rate = countRequest(tenant, config.plan, arrival.now);
	if (!rate.ok) return err(rate.error);
	return ok({ ...opened, context: context.value, team, user, channel });
}
