/** Slack's ids: a letter for the kind, then capitals and digits. */
import { z } from "zod";

export const SlackTeamSchema = z
	.string()
	.regex(/^T[A-Z0-9]{1,30}$/, "expected Slack's id of a workspace, like T0123456789");
export const SlackUserSchema = z
	.string()
	.regex(/^[UW][A-Z0-9]{1,30}$/, "expected Slack's id of a user, like U0123456789");
export const SlackChannelSchema = z
	.string()
	.regex(/^[CDG][A-Z0-9]{1,30}$/, "expected Slack's id of a channel, like C0123456789");
/** Where a message may go. */
export const SlackPlaceSchema = z
	.string()
	.regex(/^[CDGUW][A-Z0-9]{1,30}$/, "expected Slack's id of a channel or user, like C0123456789");
