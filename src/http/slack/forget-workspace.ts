/**
 * What becomes of a workspace's tie: nothing of it is kept, and the timers that were asked for in it,
 * which have nowhere to speak any more, are cancelled.
 */
import { registryOf, slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import { ok, type Result } from "../../core/result.ts";
import type { Arrival } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { runBulk } from "../timers/bulk.ts";
import { TEAM_LABEL } from "./own-timers.ts";
import { tenantContextOf } from "./tenant-context.ts";

/**
 * @param tenant only where it is tied to this one
 * @param before only where it was installed before this instant (epoch ms)
 */
export async function forgetWorkspace(
	arrival: Arrival,
	team: string,
	{ tenant = null, before = null }: { tenant?: string | null; before?: number | null },
): Promise<Result<null, HttpFailure>> {
	const { env } = arrival;
	const held = await slackWorkspaceOf(env, team).getInstallation();
	if (held === null || (tenant !== null && held.tenant !== tenant)) return ok(null);
	if (before !== null && held.installedAt >= before) return ok(null);
	// First what can be repeated: Slack sends an event again that was not answered well.
	const context = await tenantContextOf(arrival, held.tenant, team);
	if (!context.ok) return context;
	const cancelled = await runBulk(context.value, {
		action: "cancel",
		filter: { labels: { [TEAM_LABEL]: team } },
		reason: "the Slack app was removed from the workspace",
	});
	if (!cancelled.ok) return cancelled;
	await slackWorkspaceOf(env, team).uninstall(held.tenant, before);
	await registryOf(env, held.tenant).removeSlackTeam(team);
	return ok(null);
}
