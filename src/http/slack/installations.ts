/** `/v1/slack/installations`: ties workspaces of Slack to the tenant that calls, lists and unties them. */
import { registryOf, slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import type { SlackInstallation } from "../../../durable-objects/slack-workspace/rpc.ts";
import type { SlackInstallationView } from "../../contract/slack.ts";
import { formatInstant } from "../../core/instant.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { INSTALL_NONCE_BYTES, mintInstallState } from "../../core/slack/install-state.ts";
import { SLACK_SCOPES } from "../../core/slack/scopes.ts";
import { derivedKey } from "../../derived-keys.ts";
import { eachAtMost } from "../../each-at-most.ts";
import type { Env } from "../../env.ts";
import { callSlack, slackAuthorizeUrl } from "../../slack-api.ts";
import { requireTenantKey } from "../../tenant-keys.ts";
import { UNAVAILABLE_RETRY_MS } from "../constants.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { registryFailure } from "../registry-failure.ts";
import { INSTALL_OPEN_MS, INSTALL_TIMEOUT_MS } from "./constants.ts";
import { forgetWorkspace } from "./forget-workspace.ts";

/** What Slack says of a token that has ended already. */
const ENDED = ["token_revoked", "invalid_auth", "account_inactive", "not_authed"];

export type SlackApp = { readonly id: string; readonly secret: string };

/** The deployment's app, or why there is none. */
export function requireApp(env: Env): Result<SlackApp, HttpFailure> {
	const { SLACK_CLIENT_ID: id, SLACK_CLIENT_SECRET: secret, SLACK_SIGNING_SECRET: signing } = env;
	if (id && secret && signing) return ok({ id, secret });
	return refuse(
		"slack_not_configured",
		"SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_SIGNING_SECRET have to be set.",
	);
}

export async function beginInstall({ env, tenant, now }: TenantContext) {
	const app = requireApp(env);
	if (!app.ok) return app;
	const random = crypto.getRandomValues(new Uint8Array(INSTALL_NONCE_BYTES));
	const nonce = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	const expiresAt = now + INSTALL_OPEN_MS;
	const begun = await registryOf(env, tenant).beginSlackInstall(nonce, expiresAt);
	if (!begun.ok) return err(registryFailure(begun.error, "The tenant"));
	const url = slackAuthorizeUrl(env);
	url.searchParams.set("client_id", app.value.id);
	url.searchParams.set("scope", SLACK_SCOPES.join(","));
	const state = { tenant, expiresAt, nonce };
	url.searchParams.set("state", mintInstallState(state, derivedKey(env, "slack-install")));
	return ok({ authorizeUrl: url.href, expiresAt: formatInstant(expiresAt) });
}

export async function listInstallations({
	env,
	tenant,
}: TenantContext): Promise<readonly SlackInstallationView[]> {
	const teams = await registryOf(env, tenant).listSlackTeams();
	const found: SlackInstallation[] = [];
	await eachAtMost(ASKED_AT_ONCE, teams, async (team) => {
		const held = await slackWorkspaceOf(env, team).getInstallation();
		// One that was listed and refused, or has gone since.
		if (held !== null && held.tenant === tenant) found.push(held);
	});
	return found.toSorted((a, b) => (a.team < b.team ? -1 : 1)).map(viewOf);
}

/** Workspaces that are asked at once. */
const ASKED_AT_ONCE = 6;

function viewOf({ scopes, installedAt, ...rest }: SlackInstallation): SlackInstallationView {
	const { team, name, appId, botUser, installedBy } = rest;
	return {
		team,
		name,
		appId,
		botUser,
		scopes: scopes.split(",").filter((scope) => scope !== ""),
		installedBy,
		installedAt: formatInstant(installedAt),
	};
}

/** Ends the bot's token at Slack, then forgets the workspace. */
export async function endInstallation(
	context: TenantContext,
	team: string,
): Promise<Result<null, HttpFailure>> {
	const { env, tenant, config, now } = context;
	const held = await slackWorkspaceOf(env, team).getInstallation();
	if (held === null || held.tenant !== tenant) {
		return refuse("not_found", `The workspace ${team} is not tied to this tenant.`);
	}
	const key = await requireTenantKey(env, { tenant, wrappedKey: config.wrappedKey }, now);
	const token = await key.unseal("slack-token", held.sealedToken);
	if (!token.ok) throw new Error(`The workspace's token does not open: ${token.error.code}`);
	const revoked = await callSlack(env, {
		method: "auth.revoke",
		token: token.value,
		arguments: {},
		timeoutMs: INSTALL_TIMEOUT_MS,
	});
	if (!revoked.ok && !hasEnded(revoked.error)) {
		const why = revoked.error.code === "refused" ? revoked.error.error : revoked.error.message;
		const detail = `Slack did not end the token (${why}); the workspace stays tied. Try again.`;
		return err({ code: "unavailable", detail, retryAfterMs: UNAVAILABLE_RETRY_MS });
	}
	return forgetWorkspace(context, team, { tenant });
}

function hasEnded(failure: { readonly code: string; readonly error?: string }): boolean {
	return failure.code === "refused" && ENDED.includes(failure.error ?? "");
}
