/** Mailboxes as their owner sees them: listed, looked at, removed. */
import type { z } from "zod";
import type { MailboxState } from "../../../durable-objects/agent-mailbox/rpc.ts";
import { mailboxOf, registryOf } from "../../../durable-objects/shared/object-names.ts";
import type { MailboxSchema } from "../../contract/mailbox.ts";
import type { Page } from "../../contract/page.ts";
import { decodeNameCursor, encodeNameCursor } from "../../core/cursor.ts";
import { formatInstant } from "../../core/instant.ts";
import { ok, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import type { PageQuery } from "../timers/page.ts";
import { mayUse, openMailbox } from "./open-mailbox.ts";

type MailboxView = z.infer<typeof MailboxSchema>;

const LIST = ["mailboxes"] as const;

/** In the order of names. A page may hold fewer than asked for: names whose mailbox is gone. */
export async function listMailboxes(
	{ env, tenant, principal, exec }: TenantContext,
	{ limit, cursor }: PageQuery,
): Promise<Result<Page<MailboxView>, HttpFailure>> {
	const after = cursor === undefined ? null : decodeNameCursor(cursor, LIST);
	if (after === undefined) return refuse("invalid_cursor", "The cursor is not one of this list.");
	const registry = registryOf(env, tenant);
	const listed = await registry.listMailboxes(after, limit);
	const allowed = listed.filter(({ name }) => mayUse(principal, name));
	const found = await Promise.all(
		allowed.map(async ({ name }) => ({ name, state: await mailboxOf(env, tenant, name).state() })),
	);
	const gone = found.flatMap(({ name, state }) => (state === null ? [name] : []));
	if (gone.length > 0) exec.waitUntil(registry.removeMailboxes(gone));
	const now = Date.now();
	const items = found.flatMap(({ name, state }) =>
		state === null ? [] : [render(name, state, now)],
	);
	const last = listed.length === limit ? listed.at(-1) : undefined;
	return ok({ items, nextCursor: last === undefined ? null : encodeNameCursor(last.name, LIST) });
}

export async function readMailbox(
	context: TenantContext,
	name: string,
): Promise<Result<MailboxView, HttpFailure>> {
	const opened = openMailbox(context, name);
	if (!opened.ok) return opened;
	const state = await opened.value.stub.state();
	return state === null ? noMailbox(name) : ok(render(name, state, Date.now()));
}

/** Answers how many messages went with it. Its name leaves the list by itself. */
export async function deleteMailbox(
	context: TenantContext,
	name: string,
): Promise<Result<{ readonly messages: number }, HttpFailure>> {
	const opened = openMailbox(context, name);
	if (!opened.ok) return opened;
	const { stub, call } = opened.value;
	if ((await stub.state()) === null) return noMailbox(name);
	return ok(await stub.remove(call));
}

function noMailbox(name: string): Result<never, HttpFailure> {
	return refuse("not_found", `There is no mailbox "${name}": a first message makes it.`);
}

function render(name: string, state: MailboxState, now: number): MailboxView {
	const { depth, leased, delayed, dead, oldestAt, createdAt } = state;
	return {
		name,
		depth,
		leased,
		delayed,
		dead,
		oldestAgeMs: oldestAt === null ? null : Math.max(0, now - oldestAt),
		createdAt: formatInstant(createdAt),
	};
}
