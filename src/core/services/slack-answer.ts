/**
 * What an answer of Slack's `chat.postMessage` means for a message, by the errors that its reference
 * lists. Slack says no with 200 and a word.
 */
import { z } from "zod";
import { getRetryAfterMs } from "../retry-after.ts";
import { MINUTE, SECOND } from "../units.ts";
import type { ServiceAnswer, Verdict } from "./verdict.ts";

const AnswerSchema = z.object({
	ok: z.boolean(),
	error: z.string().optional(),
	channel: z.string().optional(),
	ts: z.string().optional(),
	needed: z.string().optional(),
});

/** What passes by itself, beside limits. */
const PASSING = [
	"internal_error",
	"fatal_error",
	"request_timeout",
	"service_unavailable",
	"team_added_to_org",
	"rollup_error",
	"message_limit_exceeded",
];
const LIMITED = ["ratelimited", "rate_limited"];
/** What only another place to write to can mend. */
const CLOSED_CHANNEL = [
	"channel_not_found",
	"not_in_channel",
	"is_archived",
	"restricted_action",
	"restricted_action_read_only_channel",
	"restricted_action_thread_only_channel",
	"restricted_action_non_threadable_channel",
	"cannot_reply_to_message",
	"team_access_not_granted",
];
/** What ends with the installation. */
const GONE = [
	"token_revoked",
	"token_expired",
	"account_inactive",
	"invalid_auth",
	"not_authed",
	"org_login_required",
];

const TOO_MANY_REQUESTS = 429;
/** What Slack's own SDKs wait where it does not say. */
const LIMIT_WAIT_MS = MINUTE / 2;
/** Characters of Slack's word that are quoted: it is a word. */
const WORD_LENGTH = 100;

export type SlackVerdict =
	| Verdict
	/** Slack takes a message a second for a channel: that there are many is nobody's failure. */
	| { readonly kind: "limited"; readonly waitMs: number }
	| { readonly kind: "closed_channel"; readonly error: string };

/** @param target where the message was for, as a sentence goes on */
export function judgeSlack(answer: ServiceAnswer, target: string): SlackVerdict {
	const { status } = answer;
	const wait = getRetryAfterMs(answer, answer.answeredAt) ?? null;
	if (status === TOO_MANY_REQUESTS) return limited(wait);
	if (status !== 200) {
		const error = `Slack answered ${status}`;
		const isPassing = status >= 500 || status === 408;
		return isPassing ? { kind: "retryable", error, retryAfterMs: wait } : terminal(error);
	}
	const said = readAnswer(answer.body);
	if (said === undefined) {
		return { kind: "retryable", error: "what answered is not Slack's API", retryAfterMs: null };
	}
	if (said.ok)
		return { kind: "delivered", excerpt: `${said.channel ?? ""} ${said.ts ?? ""}`.trim() };
	const word = (said.error ?? "unknown_error").slice(0, WORD_LENGTH);
	if (LIMITED.includes(word)) return limited(wait);
	if (PASSING.includes(word)) {
		return { kind: "retryable", error: `Slack fails (${word})`, retryAfterMs: wait };
	}
	if (CLOSED_CHANNEL.includes(word)) {
		const advice = "invite the app there, or name another channel";
		return {
			kind: "closed_channel",
			error: `Slack does not take it for ${target} (${word}): ${advice}`,
		};
	}
	if (GONE.includes(word)) {
		return terminal(
			`Slack does not know the app's token any more (${word}): connect the workspace anew`,
		);
	}
	const needed = said.needed === undefined ? "" : `, it needs the scope ${said.needed}`;
	return terminal(`Slack does not take the message (${word}${needed})`);
}

function limited(wait: number | null): SlackVerdict {
	return { kind: "limited", waitMs: Math.max(wait ?? LIMIT_WAIT_MS, SECOND) };
}

function terminal(error: string): Verdict {
	return { kind: "terminal", error };
}

function readAnswer(body: string): z.infer<typeof AnswerSchema> | undefined {
	try {
		const read = AnswerSchema.safeParse(JSON.parse(body));
		return read.success ? read.data : undefined;
	} catch {
		return undefined; // not Slack's: the caller goes by the status
	}
}
