/**
 * What Slack sends us, as far as we read it, and what our own calls about its workspaces answer. The
 * schemas of Slack's payloads let what they do not name pass: Slack adds members as it likes.
 */
import { z } from "zod";
import { SlackChannelSchema, SlackTeamSchema, SlackUserSchema } from "./slack-ids.ts";
import { InstantSchema } from "./time.ts";

export const SlashCommandSchema = z.object({
	command: z.string().min(1).max(64),
	text: z.string().max(12_000).default(""),
	team_id: SlackTeamSchema,
	channel_id: SlackChannelSchema,
	user_id: SlackUserSchema,
	/** Different for every command that a person has entered, the same when Slack sends one again. */
	trigger_id: z.string().min(1).max(200),
	response_url: z.string().max(2_048),
});
export type SlashCommand = z.infer<typeof SlashCommandSchema>;

const teamOf = z.object({ id: SlackTeamSchema }).nullable();

export const BlockActionsSchema = z.object({
	type: z.literal("block_actions"),
	/** Null where an organisation has installed the app for all its workspaces. */
	team: teamOf,
	user: z.object({ id: SlackUserSchema, team_id: z.string().optional() }),
	channel: z.object({ id: SlackChannelSchema }).optional(),
	actions: z.array(
		z.object({ type: z.string(), action_id: z.string(), value: z.string().optional() }),
	),
	response_url: z.string().max(2_048).optional(),
});
export type BlockActions = z.infer<typeof BlockActionsSchema>;

/** A payload that we do not serve: dialogs, shortcuts and what is yet to come. */
export const InteractionSchema = z.union([
	BlockActionsSchema,
	z.object({ type: z.string().refine((type) => type !== "block_actions") }),
]);

export const SlackEventSchema = z.union([
	z.object({ type: z.literal("url_verification"), challenge: z.string().max(1_024) }),
	z.object({
		type: z.literal("event_callback"),
		team_id: SlackTeamSchema,
		/** Seconds since the epoch. */
		event_time: z.int().min(0),
		event: z.object({
			type: z.string(),
			tokens: z
				.object({ bot: z.array(z.string()).optional(), oauth: z.array(z.string()).optional() })
				.optional(),
		}),
	}),
]);

/** What `oauth.v2.access` answers when all is well. */
export const OauthAccessSchema = z.object({
	access_token: z.string().min(1),
	token_type: z.literal("bot"),
	scope: z.string(),
	bot_user_id: z.string(),
	app_id: z.string(),
	team: z.object({ id: SlackTeamSchema, name: z.string().default("") }).nullable(),
	authed_user: z.object({ id: z.string() }),
	is_enterprise_install: z.boolean().default(false),
	/** Only with token rotation. */
	expires_in: z.int().optional(),
});

export const UserInfoSchema = z.object({ user: z.object({ tz: z.string().optional() }) });

export const SlackInstallationSchema = z
	.object({
		team: SlackTeamSchema,
		name: z.string(),
		appId: z.string(),
		botUser: z.string(),
		scopes: z.array(z.string()),
		installedBy: z.string().meta({ description: "Slack's id of the user" }),
		installedAt: InstantSchema,
	})
	.meta({ id: "SlackInstallation", description: "A Slack workspace that is tied to the tenant" });
export type SlackInstallationView = z.infer<typeof SlackInstallationSchema>;

export const SlackInstallStartSchema = z
	.object({
		authorizeUrl: z.string().meta({
			description: "Where a person who may install apps in the workspace agrees; good once",
		}),
		expiresAt: InstantSchema,
	})
	.meta({ id: "SlackInstallStart" });
