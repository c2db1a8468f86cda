/** The kind of action that writes a message in Slack. How it is sent is `src/queue/services/slack.ts`. */
import type { FieldError } from "../../contract/error.ts";
import { LIMITS } from "../../contract/limits.ts";
import type { SlackMessageDoc } from "../timer-doc.ts";
import type { ServiceKind } from "./service-kind.ts";

/** Slack's own; a deployment that uses another (`SLACK_API_URL`) says so where it sends. */
const POST_MESSAGE_URL = "https://slack.com/api/chat.postMessage";

export const SLACK_MESSAGE_KIND: ServiceKind<SlackMessageDoc> = {
	templated: ["text"],
	flawsOf: ({ text }) => textFlaws(text),
	urlOf: () => POST_MESSAGE_URL,
	shownOf: () => ({}),
	targetOf: ({ team, channel }) => ({ team, channel }),
};

function textFlaws(text: string): FieldError[] {
	if (text.trim() !== "" && text.length <= LIMITS.slackTextLength) return [];
	const message = `expected 1 to ${LIMITS.slackTextLength} characters that are not all blank, got ${text.length}`;
	return [{ path: "text", message }];
}
