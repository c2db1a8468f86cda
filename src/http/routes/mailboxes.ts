/** `/v1/mailboxes`: listed, looked at, removed; and the messages in them that were given up. */
import { z } from "zod";
import {
	DeadMessageSchema,
	MailboxDeletedSchema,
	MailboxListQuerySchema,
	MailboxNameSchema,
	MailboxSchema,
	MessageReplayedSchema,
} from "../../contract/mailbox.ts";
import { PageQuerySchema, pageOf } from "../../contract/page.ts";
import {
	deleteDeadMessage,
	listDeadMessages,
	replayDeadMessage,
} from "../mailboxes/dead-messages.ts";
import { deleteMailbox, listMailboxes, readMailbox } from "../mailboxes/look-at.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { DEAD_MESSAGE_EXAMPLE, MAILBOX_EXAMPLE } from "./mailbox-examples.ts";

const TAG = "Mailboxes";
const MESSAGE_ID_LENGTH = 64;
const params = z.object({ name: MailboxNameSchema });
const messageParams = z.object({
	name: MailboxNameSchema,
	id: z.string().max(MESSAGE_ID_LENGTH),
});

export const mailboxRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/v1/mailboxes",
		tag: TAG,
		summary: "List mailboxes by name",
		description: "A key that is limited to mailboxes sees those.",
		auth: { scope: "agent.pull" },
		request: { query: MailboxListQuerySchema },
		responses: {
			200: {
				description: "A page of mailboxes",
				schema: pageOf(MailboxSchema),
				example: { items: [MAILBOX_EXAMPLE], nextCursor: null },
			},
		},
		problems: ["invalid_cursor"],
		async handle(context) {
			const page = await listMailboxes(context, context.query);
			return page.ok ? reply(page.value) : page;
		},
	}),
	defineRoute({
		method: "GET",
		path: "/v1/mailboxes/:name",
		tag: TAG,
		summary: "Read a mailbox's depth and age",
		auth: { scope: "agent.pull" },
		request: { params },
		responses: {
			200: { description: "The mailbox", schema: MailboxSchema, example: MAILBOX_EXAMPLE },
		},
		problems: ["not_found"],
		async handle(context) {
			const mailbox = await readMailbox(context, context.params.name);
			return mailbox.ok ? reply(mailbox.value) : mailbox;
		},
	}),
	defineRoute({
		method: "DELETE",
		path: "/v1/mailboxes/:name",
		tag: TAG,
		summary: "Remove a mailbox with all that is in it",
		description: "Deliveries of timers that it held become dead letters.",
		auth: { scope: "agent.manage" },
		request: { params },
		responses: {
			200: {
				description: "How many messages went with it",
				schema: MailboxDeletedSchema,
				example: { deleted: { messages: 6 } },
			},
		},
		problems: ["not_found"],
		async handle(context) {
			const deleted = await deleteMailbox(context, context.params.name);
			return deleted.ok ? reply({ deleted: deleted.value }) : deleted;
		},
	}),
	defineRoute({
		method: "GET",
		path: "/v1/mailboxes/:name/dead-messages",
		tag: TAG,
		summary: "List messages that were given up, oldest first",
		description: "Those put in by hand; deliveries of timers are among `/v1/dead-letters`.",
		auth: { scope: "agent.manage" },
		request: { params, query: PageQuerySchema },
		responses: {
			200: {
				description: "A page of dead messages",
				schema: pageOf(DeadMessageSchema),
				example: { items: [DEAD_MESSAGE_EXAMPLE], nextCursor: null },
			},
		},
		problems: ["invalid_cursor"],
		async handle(context) {
			const page = await listDeadMessages(context, context.params.name, context.query);
			return page.ok ? reply(page.value) : page;
		},
	}),
	defineRoute({
		method: "POST",
		path: "/v1/mailboxes/:name/dead-messages/:id/replay",
		tag: TAG,
		summary: "Put a dead message back",
		description: "With a fresh count of attempts and the same id.",
		auth: { scope: "agent.manage" },
		request: { params: messageParams },
		responses: {
			200: {
				description: "It waits for an agent again",
				schema: MessageReplayedSchema,
				example: { id: DEAD_MESSAGE_EXAMPLE.id },
			},
		},
		problems: ["not_found"],
		idempotency: { stored: true },
		async handle(context) {
			const { name, id } = context.params;
			const replayed = await replayDeadMessage(context, name, id);
			return replayed.ok ? reply({ id }) : replayed;
		},
	}),
	defineRoute({
		method: "DELETE",
		path: "/v1/mailboxes/:name/dead-messages/:id",
		tag: TAG,
		summary: "Remove a dead message",
		auth: { scope: "agent.manage" },
		request: { params: messageParams },
		responses: { 204: { description: "Removed" } },
		problems: ["not_found"],
		async handle(context) {
			const { name, id } = context.params;
			const deleted = await deleteDeadMessage(context, name, id);
			return deleted.ok ? reply(undefined, 204) : deleted;
		},
	}),
];
