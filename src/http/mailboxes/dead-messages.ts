/** Messages put in by hand that were given up. Those of timers are dead letters of their shards. */
import type { z } from "zod";
import type { DeadMessage } from "../../../durable-objects/agent-mailbox/rpc.ts";
import type { DeadMessageSchema } from "../../contract/mailbox.ts";
import type { Page } from "../../contract/page.ts";
import { decodeNameCursor, encodeNameCursor } from "../../core/cursor.ts";
import { formatInstant } from "../../core/instant.ts";
import { ok, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import type { PageQuery } from "../timers/page.ts";
import { openMailbox } from "./open-mailbox.ts";

type DeadMessageView = z.infer<typeof DeadMessageSchema>;

export async function listDeadMessages(
	context: TenantContext,
	name: string,
	{ limit, cursor }: PageQuery,
): Promise<Result<Page<DeadMessageView>, HttpFailure>> {
	const opened = openMailbox(context, name);
	if (!opened.ok) return opened;
	const list = ["dead-messages", name] as const;
	const after = cursor === undefined ? null : decodeNameCursor(cursor, list);
	if (after === undefined) return refuse("invalid_cursor", "The cursor is not one of this list.");
	const { items, more } = await opened.value.stub.deadMessages(after, limit);
	const last = more ? items.at(-1) : undefined;
	return ok({
		items: items.map(render),
		nextCursor: last === undefined ? null : encodeNameCursor(last.id, list),
	});
}

/** Puts it back, with all its attempts before it. */
export async function replayDeadMessage(
	context: TenantContext,
	name: string,
	id: string,
): Promise<Result<null, HttpFailure>> {
	const opened = openMailbox(context, name);
	if (!opened.ok) return opened;
	return (await opened.value.stub.replayDead(id)) ? ok(null) : noDeadMessage(id);
}

export async function deleteDeadMessage(
	context: TenantContext,
	name: string,
	id: string,
): Promise<Result<null, HttpFailure>> {
	const opened = openMailbox(context, name);
	if (!opened.ok) return opened;
	return (await opened.value.stub.deleteDead(id)) ? ok(null) : noDeadMessage(id);
}

function noDeadMessage(id: string): Result<never, HttpFailure> {
	return refuse("not_found", `The mailbox has no dead message "${id}".`);
}

function render(message: DeadMessage): DeadMessageView {
	return {
		id: message.id,
		body: JSON.parse(message.body),
		priority: message.priority,
		attempts: message.attempts,
		enqueuedAt: formatInstant(message.enqueuedAt),
		deadAt: formatInstant(message.deadAt),
		reason: message.reason,
	};
}
