/**
 * The founding system's `agentBinding` as today's action: a message for the mailbox that `target`
 * names. A target of another kind (`session://`, `workflow://`, a URL) is refused by name.
 */
import type { AgentBinding } from "../contract/founding.ts";
import { MailboxNameSchema } from "../contract/mailbox-name.ts";
import type { RawAction } from "./founding-shapes.ts";
import type { Flaws } from "./timer-rules.ts";

const PATH = "agentBinding";

export function readAgentBinding(binding: AgentBinding | undefined, flaws: Flaws): RawAction[] {
	if (binding === undefined) return [];
	const { adapter, target, payloadTemplate, acknowledgementTimeoutMs } = binding;
	if (!MailboxNameSchema.safeParse(target).success) {
		const what = JSON.stringify(target.slice(0, 80));
		flaws.unsupported(`${PATH}.target`, `${what} is not supported; the name of a mailbox is`);
		return [];
	}
	const command = { ...(adapter !== undefined && { adapter }), ...payloadTemplate };
	const value = {
		type: "agent",
		mailbox: target,
		command,
		...(acknowledgementTimeoutMs !== undefined && { ackTimeoutMs: acknowledgementTimeoutMs }),
	};
	return [{ value, path: PATH }];
}
