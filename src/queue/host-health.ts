/**
 * What this isolate knows of the health of one tenant's destination host: what it was last told, and
 * what has happened since. Shared by all envelopes of the isolate, so that a storm asks once; calls
 * nobody itself (envelope-health.ts does).
 */
import { type HealthReport, OPEN_MS_MAX, PROBE_PAUSE_MS, type Verdict } from "../core/circuit.ts";
import { liesAhead } from "../core/lies-ahead.ts";
import { HOSTS_KEPT, WELL_FOR_MS } from "./constants.ts";

/** What is believed of a host; a probe is its asker's alone. */
export type Belief =
	| { readonly kind: "closed" }
	| { readonly kind: "open"; readonly until: number };

/** Outcomes that nobody was told of yet. */
export type News = Pick<HealthReport, "hasRecovered" | "failures">;

export class HostHealth {
	#belief: Belief = { kind: "closed" };
	/** Epoch ms until which `#belief` is not asked about. */
	#believedUntil = 0;
	/** Whether the host's object counts failures that no success has followed. */
	#isAiling = false;
	#hasRecovered = false;
	#failures = 0;
	/** Called when the ask that is under way has ended; `null` when none is. */
	#waiting: (() => void)[] | null = null;

	/** The latest, however old. */
	get belief(): Belief {
		return this.#belief;
	}

	isFresh(now: number): boolean {
		return liesAhead(this.#believedUntil, OPEN_MS_MAX, now);
	}

	get isBeingAsked(): boolean {
		return this.#waiting !== null;
	}

	beginAsk(): void {
		this.#waiting = [];
	}

	endAsk(): void {
		const waiting = this.#waiting ?? [];
		this.#waiting = null;
		for (const resume of waiting) resume();
	}

	/** Calls `resume` when the ask that is under way has ended. */
	onAsked(resume: () => void): void {
		this.#waiting?.push(resume);
	}

	learn(verdict: Verdict, now: number): void {
		if (verdict.kind === "closed") {
			this.#isAiling = verdict.isAiling;
			this.#belief = { kind: "closed" };
			this.#believedUntil = now + WELL_FOR_MS;
			return;
		}
		// All but the probe itself wait for its end, and then ask.
		const until = verdict.kind === "probe" ? now + PROBE_PAUSE_MS : verdict.until;
		this.#belief = { kind: "open", until };
		this.#believedUntil = until;
	}

	/** Nobody could be asked: the host is taken to be well. */
	learnNothing(now: number): void {
		this.#belief = { kind: "closed" };
		this.#believedUntil = now + WELL_FOR_MS;
	}

	/** How a delivery ended. Only failures, and the first success after one, are news. */
	note(isIll: boolean): void {
		if (isIll) {
			this.#failures++;
			return;
		}
		this.#failures = 0;
		if (!this.#isAiling) return;
		this.#isAiling = false;
		this.#hasRecovered = true;
	}

	get hasNews(): boolean {
		return this.#hasRecovered || this.#failures > 0;
	}

	/** What is to be told. Whoever takes it tells it. */
	takeNews(): News {
		const news = { hasRecovered: this.#hasRecovered, failures: this.#failures };
		if (news.failures > 0) this.#isAiling = true;
		this.#hasRecovered = false;
		this.#failures = 0;
		return news;
	}
}

const hosts = new Map<string, HostHealth>();

/** What the isolate knows of `host`, a host with its port, as a destination of `tenant`. */
export function hostHealthOf(tenant: string, host: string): HostHealth {
	const key = `${tenant}:${host}`;
	const known = hosts.get(key);
	if (known !== undefined) return known;
	if (hosts.size >= HOSTS_KEPT) hosts.delete(hosts.keys().next().value ?? key);
	const health = new HostHealth();
	hosts.set(key, health);
	return health;
}
