/**
 * Slack: the four addresses that Slack itself calls, whose bodies are taken as text since they are
 * signed as such, and the calls by which a tenant ties workspaces to itself.
 */
import { z } from "zod";
import { SlackInstallationSchema, SlackInstallStartSchema } from "../../contract/slack.ts";
import { SlackTeamSchema } from "../../contract/slack-ids.ts";
import { KIB } from "../../core/units.ts";
import type { Arrival } from "../context.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { takeCommand } from "../slack/commands.ts";
import { takeEvent } from "../slack/events.ts";
import { beginInstall, endInstallation, listInstallations } from "../slack/installations.ts";
import { takeInteraction } from "../slack/interactivity.ts";
import { finishInstall } from "../slack/oauth.ts";

const TAG = "Slack";
/** A pressed button brings the whole message that it stands in. */
const SIGNED_BYTES_MAX = 256 * KIB;

const SIGNED = {
	body: z.string(),
	texts: {
		"*/*": { description: "As Slack sends it, signed", read: (text: string) => text },
	},
	bodyLimit: SIGNED_BYTES_MAX,
} as const;

type Take = (arrival: Arrival, body: string) => ReturnType<typeof takeCommand>;

/** Not in the reference: nobody but Slack can call them. */
function fromSlack(path: string, summary: string, take: Take): Route {
	return defineRoute({
		method: "POST",
		path,
		tag: TAG,
		summary,
		auth: "public",
		request: SIGNED,
		responses: { 200: { description: "What Slack shows" } },
		problems: ["invalid_signature", "slack_not_configured"],
		idempotency: "ignored",
		hidden: true,
		handle: (context) => take(context, context.body),
	});
}

const OauthQuerySchema = z.object({
	code: z.string().max(1_024).optional(),
	state: z.string().max(1_024).optional(),
	error: z.string().max(100).optional(),
});

const INSTALLATION_EXAMPLE = {
	team: "T0123456789",
	name: "Acme",
	appId: "A0123456789",
	botUser: "U0987654321",
	scopes: ["commands", "chat:write", "chat:write.public", "users:read"],
	installedBy: "U0123456789",
	installedAt: "2026-11-21T09:00:00.000Z",
};

export const slackRoutes: readonly Route[] = [
	fromSlack("/slack/commands", "A slash command", takeCommand),
	fromSlack("/slack/interactivity", "A pressed button", takeInteraction),
	fromSlack("/slack/events", "The app was removed", takeEvent),
	defineRoute({
		method: "GET",
		path: "/slack/oauth",
		tag: TAG,
		summary: "The end of an installation",
		auth: "public",
		request: { query: OauthQuerySchema },
		responses: { 200: { description: "A page", contentType: "text/html" } },
		problems: ["slack_not_configured"],
		hidden: true,
		handle: (context) => finishInstall(context, context.query),
	}),
	defineRoute({
		method: "POST",
		path: "/v1/slack/installations",
		tag: TAG,
		summary: "Begin to connect a Slack workspace",
		description:
			"A person who may install apps opens the link, within 15 minutes, and agrees; the workspace is then tied to this tenant. A workspace that is tied to another tenant stays there until that tenant unties it.",
		auth: { scope: "tenant.admin" },
		responses: {
			201: {
				description: "The link",
				schema: SlackInstallStartSchema,
				example: {
					authorizeUrl:
						"https://slack.com/oauth/v2/authorize?client_id=1.2&scope=commands&state=msi_…",
					expiresAt: "2026-11-21T09:15:00.000Z",
				},
			},
		},
		problems: ["slack_not_configured"],
		idempotency: "ignored",
		async handle(context) {
			const begun = await beginInstall(context);
			return begun.ok ? reply(begun.value, 201) : begun;
		},
	}),
	defineRoute({
		method: "GET",
		path: "/v1/slack/installations",
		tag: TAG,
		summary: "List connected Slack workspaces",
		auth: { scope: "tenant.admin" },
		responses: {
			200: {
				description: "Every workspace, by its id",
				schema: z.object({ items: z.array(SlackInstallationSchema), nextCursor: z.null() }),
				example: { items: [INSTALLATION_EXAMPLE], nextCursor: null },
			},
		},
		async handle(context) {
			return reply({ items: await listInstallations(context), nextCursor: null });
		},
	}),
	defineRoute({
		method: "DELETE",
		path: "/v1/slack/installations/:team",
		tag: TAG,
		summary: "Disconnect a Slack workspace",
		description:
			"The bot's token is ended at Slack first; where Slack does not answer, nothing changes. Timers that were asked for in the workspace are cancelled.",
		auth: { scope: "tenant.admin" },
		request: { params: z.object({ team: SlackTeamSchema }) },
		responses: { 204: { description: "It is not connected any more" } },
		problems: ["not_found", "unavailable"],
		async handle(context) {
			const ended = await endInstallation(context, context.params.team);
			return ended.ok ? reply(undefined, 204) : ended;
		},
	}),
];
