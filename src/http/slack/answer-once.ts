/**
 * Answers a command that changes a timer which it finds by name: once for its `trigger_id`. Sent
 * again, it would find another timer of that name, and change that too. A create has its key in the
 * transaction that makes the timer, and does not come here.
 */
import type { IdempotencyClaim } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { SlackMessage } from "../../core/slack/message.ts";
import { renderFailure, renderWorking } from "../../core/slack/render-answer.ts";
import { reply } from "../reply.ts";
import { runOnce } from "../run-once.ts";
import { type SlackAnswer, toAsker } from "./answer.ts";
import { failureText } from "./failure-text.ts";
import type { Scene } from "./scene.ts";

const NO_INPUTS = {
	params: undefined,
	query: undefined,
	body: undefined,
	items: [],
	idempotency: null,
} as const;

/** What `work` answers, or has answered to the same claim before; only the asker sees it. */
export async function answerOnce(
	{ context }: Scene,
	claim: IdempotencyClaim,
	work: () => Promise<SlackMessage>,
): Promise<SlackAnswer> {
	const call = {
		context: { ...context, ...NO_INPUTS },
		claim,
		tenant: context.tenant,
		secrets: [],
	};
	const answered = await runOnce(call, async () => reply(await work()));
	// What is stored is what `work` has answered.
	if (answered.ok) return toAsker(answered.value.body as SlackMessage);
	// The first answers for both.
	if (answered.error.code === "idempotency_in_progress") return toAsker(renderWorking());
	return toAsker(renderFailure("run the command", failureText(answered.error)));
}
