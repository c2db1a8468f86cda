/** What the Slack app asks for. The manifest in the guide asks for the same. */

/**
 * What the app may do: take commands, write where it was asked, also in public channels that it is
 * no member of, and read people's time zones.
 */
export const SLACK_SCOPES = ["commands", "chat:write", "chat:write.public", "users:read"] as const;
