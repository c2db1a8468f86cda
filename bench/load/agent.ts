/** An agent as the benchmark needs one: pulls by long poll over one connection, and acknowledges. */
import type { Tenant } from "../tenant.ts";
import { Connection } from "./connection.ts";
import { unexpected } from "./unexpected.ts";

/** What a pull shows of a message; the rest of it is only carried. */
export type Pulled = {
	readonly leaseId: string;
	readonly body: { readonly data?: { readonly firing?: { readonly dueAt?: string } } };
};

const OK = 200;

export class Agent {
	readonly #tenant: Tenant;
	readonly #path: string;
	readonly #connection: Connection;

	constructor(tenant: Tenant, mailbox: string) {
		this.#tenant = tenant;
		this.#path = `/v1/mailboxes/${mailbox}/messages`;
		this.#connection = new Connection(tenant.origin);
	}

	async pull(batchSize: number, waitMs: number): Promise<readonly Pulled[]> {
		const answer = await this.#call("pull", { batchSize, waitMs });
		return answer["messages"] as readonly Pulled[];
	}

	/** Rejects unless every lease was acknowledged. */
	async ack(messages: readonly Pulled[]): Promise<void> {
		const acks = messages.map(({ leaseId }) => ({ leaseId }));
		const { ackCount } = await this.#call("ack", { acks });
		if (ackCount !== messages.length) throw new Error(`${ackCount} of ${acks.length} acknowledged`);
	}

	close(): void {
		this.#connection.close();
	}

	async #call(verb: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
		const request = this.#tenant.post(`${this.#path}/${verb}`, body);
		const answer = await this.#connection.request(request);
		if (answer.status !== OK) throw unexpected(answer.status, answer.body);
		return JSON.parse(jsonOf(answer.body));
	}
}

/** The JSON in a body that may still hold its chunk sizes. */
function jsonOf(body: Buffer): string {
	const text = body.toString("utf8");
	if (text.startsWith("{")) return text;
	let json = "";
	for (let at = 0; at < body.length; ) {
		const lineEnd = body.indexOf("\r\n", at);
		const size = Number.parseInt(body.toString("latin1", at, lineEnd), 16);
		if (!(size > 0)) break;
		json += body.toString("utf8", lineEnd + 2, lineEnd + 2 + size);
		at = lineEnd + 2 + size + 2;
	}
	return json;
}
