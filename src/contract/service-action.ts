/**
 * Actions that speak to a service by its own API, as callers write and read them. The token that
 * opens the service is written and never read: what is shown of it is `tokenPreview`.
 */
import { z } from "zod";
import { JsonObjectSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { SlackPlaceSchema, SlackTeamSchema, SlackUserSchema } from "./slack-ids.ts";

/** Where GitHub's API is, unless the action names a server of one's own. */
export const GITHUB_API_URL = "https://api.github.com";

/** An owner's name may end in `_company`; a repository cannot be called `.` or `..`. */
const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
/** The name of a file, without folders, or the number that GitHub gives a workflow. */
const WORKFLOW = /^(?:[1-9]\d{0,18}|[^/\\\p{Cc}]{1,250}\.ya?ml)$/u;

const token = z.string().meta({
	description: "Sealed where it is stored, and never shown again",
});

const ofGithub = {
	repository: z.string().regex(REPOSITORY, "expected owner/name of a repository"),
	apiUrl: z
		.string()
		.min(1)
		.max(LIMITS.urlLength)
		.optional()
		.meta({
			description: `Of a server of one's own, as https://github.example.com/api/v3; ${GITHUB_API_URL} unless given`,
		}),
} as const;

const ofRepositoryDispatch = {
	type: z.literal("repository_dispatch"),
	...ofGithub,
	eventType: z.string().min(1).max(LIMITS.githubEventTypeLength).meta({
		description: "What a workflow names under `on.repository_dispatch.types`",
	}),
	clientPayload: JsonObjectSchema.optional().meta({
		description: `What a workflow reads as \`github.event.client_payload\`: at most ${LIMITS.githubPayloadMembers} members`,
	}),
} as const;

const ofWorkflowDispatch = {
	type: z.literal("workflow_dispatch"),
	...ofGithub,
	workflow: z
		.string()
		.regex(WORKFLOW, "expected the name of the workflow's file, as deploy.yml, or its id")
		.meta({ description: "Name of its file, without folders, or its id" }),
	ref: z.string().min(1).max(LIMITS.githubRefLength).meta({
		description: "Branch or tag that it runs on",
	}),
	inputs: JsonObjectSchema.optional().meta({
		description: `Texts, numbers or booleans, at most ${LIMITS.githubInputs}`,
	}),
} as const;

/** Read as it is written: the bot's token is the workspace's, not the action's. */
export const SLACK_MESSAGE = {
	type: z.literal("slack_message"),
	team: SlackTeamSchema.meta({ description: "A workspace that is connected to the tenant" }),
	channel: SlackPlaceSchema.meta({
		description: "Id of a channel, or of a user for a direct message",
	}),
	text: z.string().min(1).max(LIMITS.slackTextLength).meta({
		description: "Plain text, in which mentions like `<@U0123456789>` are kept",
	}),
	user: SlackUserSchema.optional().meta({
		description:
			"Who is mentioned, whose quiet hours hold it, and who is told directly where the channel takes nothing",
	}),
	buttons: z.boolean().optional().meta({
		description: "With buttons to snooze it and be done, and to cancel a timer that recurs",
	}),
} as const;

/** What is written of each kind, and what is read of it: `z.strictObject` makes either. */
export const REPOSITORY_DISPATCH = { ...ofRepositoryDispatch, token } as const;
export const WORKFLOW_DISPATCH = { ...ofWorkflowDispatch, token } as const;

const shown = {
	apiUrl: z.string(),
	tokenPreview: z.string().meta({ description: "Enough to tell tokens apart" }),
} as const;

export const REPOSITORY_DISPATCH_VIEW = { ...ofRepositoryDispatch, ...shown } as const;
export const WORKFLOW_DISPATCH_VIEW = { ...ofWorkflowDispatch, ...shown } as const;

/** What a delivery of each kind says of where it goes. */
export const TO_REPOSITORY_DISPATCH = {
	type: z.literal("repository_dispatch"),
	repository: z.string(),
	eventType: z.string(),
} as const;
export const TO_SLACK_MESSAGE = {
	type: z.literal("slack_message"),
	team: z.string(),
	channel: z.string(),
} as const;
export const TO_WORKFLOW_DISPATCH = {
	type: z.literal("workflow_dispatch"),
	repository: z.string(),
	workflow: z.string(),
	ref: z.string(),
} as const;
