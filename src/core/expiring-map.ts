/**
 * Values that are good for a while, at most so many of them: what an isolate may keep between
 * requests. The oldest entry makes room, since what is in use is soon back.
 */
import { liesAhead } from "./lies-ahead.ts";

type Entry<V> = { readonly value: V; readonly until: number; readonly keptMs: number };

export class ExpiringMap<K, V> {
	readonly #entries = new Map<K, Entry<V>>();
	readonly #max: number;

	constructor(max: number) {
		this.#max = max;
	}

	/** The value of `key`, unless it is past its time at `now` (epoch ms), or the clock was set back. */
	get(key: K, now: number): V | undefined {
		const entry = this.#entries.get(key);
		if (entry === undefined) return undefined;
		if (liesAhead(entry.until, entry.keptMs, now)) return entry.value;
		this.#entries.delete(key);
		return undefined;
	}

	/** Keeps `value` for `keptMs` from `now` on (epoch ms). */
	set(key: K, value: V, now: number, keptMs: number): void {
		this.#entries.delete(key);
		const oldest = this.#entries.size < this.#max ? undefined : this.#entries.keys().next();
		if (oldest !== undefined && oldest.done !== true) this.#entries.delete(oldest.value);
		this.#entries.set(key, { value, until: now + keptMs, keptMs });
	}
}
