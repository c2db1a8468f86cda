/**
 * Asks whether the hosts of one envelope's deliveries may be sent to, and tells how they took it
 * (decision 13): asked at most once per host and envelope, and not while the isolate knows; told
 * at most once a second, of failures and of the first success after one. A health object that does
 * not answer holds nothing up: its host is taken to be well.
 */
import { healthOf } from "../../durable-objects/shared/object-names.ts";
import type { PostponeReason } from "../contract/delivery.ts";
import { type HealthReport, OPEN_MS_MAX, PROBE_PAUSE_MS, type Verdict } from "../core/circuit.ts";
import { liesAhead } from "../core/lies-ahead.ts";
import type { Env } from "../env.ts";
import { HEALTH_TIMEOUT_MS, HEALTH_TOLD_EVERY_MS } from "./constants.ts";
import { type HostHealth, hostHealthOf } from "./host-health.ts";

/** Leave to send to a host. Whoever has it must call `leave`, whatever happens. */
export type Pass = {
	readonly kind: "go";
	/** How the host took the delivery; call it once at most. */
	readonly note: (isIll: boolean) => void;
	/** Without a note before, a probe goes to another. */
	readonly leave: () => void;
};

export type Admission =
	| Pass
	/** `until`: epoch ms before which nothing is sent to the host. */
	| { readonly kind: "postponed"; readonly until: number; readonly reason: PostponeReason };

export class EnvelopeHealth {
	readonly #env: Env;
	readonly #tenant: string;
	readonly #onFault: (host: string, error: unknown) => void;
	/** Resolves when this envelope knows what it asked; true when the answer made it the probe. */
	readonly #asked = new Map<string, Promise<boolean>>();
	readonly #plans = new Map<string, ReturnType<typeof setTimeout>>();
	readonly #telling = new Set<Promise<void>>();

	constructor(env: Env, tenant: string, onFault: (host: string, error: unknown) => void) {
		this.#env = env;
		this.#tenant = tenant;
		this.#onFault = onFault;
	}

	/** @param timeoutMs how long the delivery may take */
	async admit(host: string, timeoutMs: number): Promise<Admission> {
		const health = hostHealthOf(this.#tenant, host);
		if (this.#env.OBSERVERS === "off") return { kind: "go", note: ignore, leave: ignore };
		if (!health.isFresh(Date.now())) {
			const asked = this.#asked.get(host);
			if (asked !== undefined) await asked;
			else {
				const asking = this.#ask(health, host, timeoutMs);
				this.#asked.set(host, asking);
				if (await asking) return this.#probe(health, host);
			}
		}
		const { belief } = health;
		if (belief.kind === "open") {
			// Past its time, and asked about before: the next envelope asks again.
			const now = Date.now();
			const isAhead = liesAhead(belief.until, OPEN_MS_MAX, now);
			const until = isAhead ? belief.until : now + PROBE_PAUSE_MS;
			return { kind: "postponed", until, reason: "circuit_open" };
		}
		return {
			kind: "go",
			note: (isIll) => this.#note(health, host, isIll),
			leave: ignore,
		};
	}

	/** Tells what is left. */
	async finish(): Promise<void> {
		for (const [host, plan] of this.#plans) {
			clearTimeout(plan);
			this.#tell(hostHealthOf(this.#tenant, host), host, null);
		}
		this.#plans.clear();
		await Promise.all(this.#telling);
	}

	#probe(health: HostHealth, host: string): Pass {
		let isOver = false;
		const end = (probe: "passed" | "failed" | "unused") => {
			if (isOver) return;
			isOver = true;
			this.#tell(health, host, probe);
		};
		return {
			kind: "go",
			note: (isIll) => end(isIll ? "failed" : "passed"),
			leave: () => end("unused"),
		};
	}

	#note(health: HostHealth, host: string, isIll: boolean): void {
		health.note(isIll);
		if (!health.hasNews || this.#plans.has(host)) return;
		const tell = () => {
			this.#plans.delete(host);
			this.#tell(health, host, null);
		};
		this.#plans.set(host, setTimeout(tell, HEALTH_TOLD_EVERY_MS));
	}

	async #ask(health: HostHealth, host: string, timeoutMs: number): Promise<boolean> {
		if (health.isBeingAsked) {
			// Each waits by a promise and a timer of its own: a request may end before its answer comes.
			await withinTime(new Promise<void>((resolve) => health.onAsked(resolve))).catch(() => null);
			return false;
		}
		health.beginAsk();
		try {
			const verdict = await withinTime<Verdict>(this.#stub(host).admit(timeoutMs));
			health.learn(verdict, Date.now());
			return verdict.kind === "probe";
		} catch (error) {
			health.learnNothing(Date.now());
			this.#onFault(host, error);
			return false;
		} finally {
			health.endAsk();
		}
	}

	#tell(health: HostHealth, host: string, probe: HealthReport["probe"]): void {
		const news = health.takeNews();
		// Another envelope has told it.
		if (probe === null && !news.hasRecovered && news.failures === 0) return;
		const told = withinTime<Verdict>(this.#stub(host).note({ ...news, probe })).then(
			(verdict) => health.learn(verdict, Date.now()),
			(error: unknown) => this.#onFault(host, error),
		);
		this.#telling.add(told);
		void told.finally(() => this.#telling.delete(told));
	}

	#stub(host: string) {
		return healthOf(this.#env, this.#tenant, host);
	}
}

/** Rejects when `answer` takes longer than a host's health may. */
async function withinTime<T>(answer: Promise<T>): Promise<T> {
	const { promise, reject } = Promise.withResolvers<never>();
	const fail = () => reject(new Error(`no answer within ${HEALTH_TIMEOUT_MS} ms`));
	const timer = setTimeout(fail, HEALTH_TIMEOUT_MS);
	try {
		return await Promise.race([answer, promise]);
	} finally {
		clearTimeout(timer);
	}
}

function ignore(): void {}
