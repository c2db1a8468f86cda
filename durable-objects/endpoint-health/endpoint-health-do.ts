/**
 * The Durable Object of one tenant's destination host: the bridge from typed RPC to the keeper of
 * its circuit. It loads what is stored before every call and stores what a call has changed, both of
 * which itty-durable does only for calls that come as requests of its own making.
 */
import { DurableObject } from "cloudflare:workers";
import type { HealthReport, Verdict } from "../../src/core/circuit.ts";
import type { Env } from "../../src/env.ts";
import { CircuitKeeper } from "./circuit-keeper.ts";
import type { EndpointHealthRpc } from "./rpc.ts";

export class EndpointHealth extends DurableObject<Env> implements EndpointHealthRpc {
	readonly #keeper: CircuitKeeper;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		// It writes onto what it is given: neither our context nor the bindings are its business.
		this.#keeper = new CircuitKeeper({ storage: ctx.storage }, {});
	}

	admit(timeoutMs: number): Promise<Verdict> {
		return this.#call((keeper) => keeper.admit(timeoutMs, Date.now()));
	}

	note(report: HealthReport): ReturnType<EndpointHealthRpc["note"]> {
		return this.#call((keeper) => keeper.note(report, Date.now()));
	}

	async #call<T>(work: (keeper: CircuitKeeper) => T): Promise<T> {
		const keeper = this.#keeper;
		await keeper.loadFromStorage();
		const before = keeper.circuit;
		const answer = work(keeper);
		// Most calls find a healthy host, and write nothing.
		if (keeper.circuit !== before) await keeper.persist();
		return answer;
	}
}
