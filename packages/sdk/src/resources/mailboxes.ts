/** `/v1/mailboxes`: messages that agents pull, keep, and acknowledge. */
import {
	type ConsumeOptions,
	DEFAULTS,
	type Handler,
	type MailboxCalls,
} from "../mailbox/consume.ts";
import { Consumer } from "../mailbox/consumer.ts";
import type { CallOptions } from "../options.ts";
import { getPage, listAll, type PageQuery } from "../paging.ts";
import type { Transport } from "../transport.ts";
import type {
	AckAnswer,
	AckCall,
	ExtendAnswer,
	ExtendCall,
	JsonValue,
	Mailbox,
	MailboxDeleted,
	Page,
	PullAnswer,
	PullCall,
	PutMessageAnswer,
	PutMessageCall,
} from "../types.ts";
import { DeadMessages } from "./dead-messages.ts";

const PATH = "/v1/mailboxes";
/** A pull that waits is answered in time; this is for the way there and back. */
const ANSWER_MS = 10_000;

export class Mailboxes {
	readonly #transport: Transport;
	/** Messages put in by hand that were given up. */
	readonly deadMessages: DeadMessages;

	constructor(transport: Transport) {
		this.#transport = transport;
		this.deadMessages = new DeadMessages(transport);
	}

	/** By name. */
	list(query: PageQuery = {}, options?: CallOptions): AsyncGenerator<Mailbox, void, undefined> {
		return listAll(this.#transport, PATH, query, options);
	}

	page(query: PageQuery = {}, options?: CallOptions): Promise<Page<Mailbox>> {
		return getPage(this.#transport, PATH, query, options);
	}

	get(name: string, options?: CallOptions): Promise<Mailbox> {
		return this.#transport.call("GET", mailboxPath(name), options);
	}

	/** With all that is in it. */
	delete(name: string, options?: CallOptions): Promise<MailboxDeleted> {
		return this.#transport.call("DELETE", mailboxPath(name), options);
	}

	/** The first message makes the mailbox. */
	send(name: string, message: PutMessageCall, options?: CallOptions): Promise<PutMessageAnswer> {
		return this.#post(name, "messages", message, options);
	}

	/** Leases messages. A lease that ends unacknowledged gives its message to another pull. */
	pull(name: string, input: PullCall = {}, options?: CallOptions): Promise<PullAnswer> {
		const { waitMs = 0 } = input;
		const timeoutMs = options?.timeoutMs ?? waitMs + ANSWER_MS;
		return this.#post(name, "messages/pull", input, { ...options, timeoutMs });
	}

	/** Settles leases; a `stale` one had ended before, and nothing changed. */
	ack(name: string, input: AckCall, options?: CallOptions): Promise<AckAnswer> {
		return this.#post(name, "messages/ack", input, options);
	}

	/** Keeps leases for longer. */
	extend(name: string, input: ExtendCall, options?: CallOptions): Promise<ExtendAnswer> {
		return this.#post(name, "messages/extend", input, options);
	}

	/**
	 * Works off a mailbox until `signal` aborts: hands each message to `handler`, keeps its lease
	 * meanwhile, acknowledges it with what the handler answers, and gives it back when that throws.
	 * Resolves when all in hand is settled. A network that is away is waited for; a refusal, such as
	 * that of a wrong key, rejects.
	 */
	async consume<T = JsonValue>(
		name: string,
		handler: Handler<T>,
		options: ConsumeOptions<T> = {},
	): Promise<void> {
		const { waitMs = DEFAULTS.waitMs } = options;
		const calls: MailboxCalls = {
			pull: async (batchSize, visibilityTimeoutMs) => {
				const input = { batchSize, visibilityTimeoutMs, waitMs };
				return (await this.pull(name, input, { retry: { attempts: 1 } })).messages;
			},
			ack: (verdicts) => this.ack(name, verdicts),
			extend: async (leases) => (await this.extend(name, { leases: [...leases] })).leases,
			log: (level, message, fields) =>
				this.#transport.log(level, `Mailbox ${name}: ${message}`, fields),
		};
		// What a body is, only the caller knows.
		return new Consumer(calls, handler as Handler, options as ConsumeOptions).run();
	}

	#post<T>(name: string, verb: string, body: object, options?: CallOptions): Promise<T> {
		return this.#transport.call("POST", `${mailboxPath(name)}/${verb}`, { ...options, body });
	}
}

export function mailboxPath(name: string): string {
	return `${PATH}/${encodeURIComponent(name)}`;
}
