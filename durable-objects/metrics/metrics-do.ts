/**
 * One of the objects that add up the figures of shards and senders. Pushes fold in memory and are
 * written every few seconds at most. What is read is written first: a counter that was scraped is
 * durable, so it never falls, which Prometheus would take for a start at zero and count twice.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../../src/env.ts";
import { WRITE_EVERY_MS } from "./constants.ts";
import { Ledger } from "./ledger.ts";
import type { MetricsPart, MetricsPush, MetricsRpc } from "./rpc.ts";

export class Metrics extends DurableObject<Env> implements MetricsRpc {
	readonly #ledger: Ledger;
	/** The write that is planned. */
	#writing: ReturnType<typeof setTimeout> | null = null;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#ledger = new Ledger(ctx.storage);
	}

	async push(push: MetricsPush): Promise<void> {
		this.#ledger.take(push);
		if (this.#ledger.isWritten) return;
		this.#writing ??= setTimeout(() => this.#write(), WRITE_EVERY_MS);
	}

	/** The output gate holds the answer until the write is on disk. */
	async read(): Promise<MetricsPart> {
		this.#write();
		return this.#ledger.read(Date.now());
	}

	#write(): void {
		if (this.#writing !== null) clearTimeout(this.#writing);
		this.#writing = null;
		this.#ledger.write();
	}
}
