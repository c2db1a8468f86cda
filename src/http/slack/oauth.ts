/**
 * `GET /slack/oauth`: where Slack sends the browser back after a person has agreed. The code is
 * exchanged for the bot's token, and the workspace tied to the tenant that the state names. It
 * answers a page, since a person reads it.
 */
import { registryOf, slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import { OauthAccessSchema } from "../../contract/slack.ts";
import type { Result } from "../../core/result.ts";
import { type InstallState, parseInstallState } from "../../core/slack/install-state.ts";
import { derivedKey } from "../../derived-keys.ts";
import { callSlack, type SlackFailure } from "../../slack-api.ts";
import { requireTenantKey } from "../../tenant-keys.ts";
import type { Arrival } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import type { Reply } from "../reply.ts";
import { INSTALL_TIMEOUT_MS } from "./constants.ts";
import { requireApp, type SlackApp } from "./installations.ts";
import { page } from "./page.ts";

type Query = {
	readonly code?: string | undefined;
	readonly state?: string | undefined;
	readonly error?: string | undefined;
};

const AGAIN = "Start again with a new link from POST /v1/slack/installations.";

export async function finishInstall(
	arrival: Arrival,
	{ code, state, error }: Query,
): Promise<Result<Reply, HttpFailure>> {
	const app = requireApp(arrival.env);
	if (!app.ok) return app;
	const claims = parseInstallState(state ?? "", derivedKey(arrival.env, "slack-install"));
	if (claims === undefined || claims.expiresAt <= arrival.now) {
		return page(400, "This link has expired", `It was not made here, or too long ago. ${AGAIN}`);
	}
	const isOpen = await registryOf(arrival.env, claims.tenant).takeSlackInstall(claims.nonce);
	if (!isOpen) return page(400, "This link was used already", `It is good for one use. ${AGAIN}`);
	if (error !== undefined || code === undefined) {
		return page(400, "Nothing was installed", `Slack says: ${error ?? "no code came"}. ${AGAIN}`);
	}
	return exchange(arrival, app.value, claims, code);
}

async function exchange(
	arrival: Arrival,
	app: SlackApp,
	{ tenant }: InstallState,
	code: string,
): Promise<Result<Reply, HttpFailure>> {
	const { env, now } = arrival;
	const answer = await callSlack(env, {
		method: "oauth.v2.access",
		app,
		arguments: { code },
		timeoutMs: INSTALL_TIMEOUT_MS,
	});
	if (!answer.ok) {
		return page(502, "Slack did not confirm the installation", `${said(answer.error)}. ${AGAIN}`);
	}
	const access = OauthAccessSchema.safeParse(answer.value);
	if (!access.success) {
		return page(502, "Slack did not confirm the installation", `Its answer is not read. ${AGAIN}`);
	}
	const { team, access_token, expires_in, is_enterprise_install } = access.data;
	if (team === null || is_enterprise_install) {
		const why =
			"It was installed for a whole organisation. Timers belong to one workspace: install it in each that is to have them.";
		return page(409, "Choose a workspace", `${why} ${AGAIN}`);
	}
	if (expires_in !== undefined) {
		const why = "The app has token rotation switched on, which cannot be used here: switch it off.";
		return page(409, "The app's tokens expire", why);
	}
	const registry = registryOf(env, tenant);
	const config = await registry.config();
	if (!config.ok) return page(400, "Nothing was installed", "The tenant does not exist any more.");
	const { wrappedKey } = config.value;
	const key = await requireTenantKey(env, { tenant, wrappedKey }, now);
	// Listed before it is tied: what is listed and not tied is left out of lists.
	await registry.addSlackTeam(team.id);
	const tied = await slackWorkspaceOf(env, team.id).install({
		tenant,
		team: team.id,
		name: team.name,
		appId: access.data.app_id,
		botUser: access.data.bot_user_id,
		scopes: access.data.scope,
		sealedToken: await key.seal("slack-token", access_token),
		installedBy: access.data.authed_user.id,
		installedAt: now,
	});
	if (!tied.ok) {
		await registry.removeSlackTeam(team.id);
		// The token is not revoked: Slack may have handed out the one that the other tenant uses.
		const why = `The workspace ${team.name || team.id} belongs to another tenant. That tenant unties it with DELETE /v1/slack/installations/${team.id}; then start again.`;
		return page(409, "The workspace is taken", why);
	}
	// Slack has shown whose app it is, and not whose link: a stranger's would be noticed here.
	const next = `What is asked for there belongs to the tenant “${tenant}”; whoever does not know that name removes the app. Type the command anywhere, with “help” behind it, to see what it can do.`;
	return page(200, `${team.name || team.id} is connected`, next);
}

function said(failure: SlackFailure): string {
	return failure.code === "refused" ? `It says: ${failure.error}` : failure.message;
}
