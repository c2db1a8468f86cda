/**
 * Values that are good for a while, at most so many of them: what an isolate may keep between
 * requests. The oldest entry makes room, since what is in use is soon back.
 */

export class ExpiringMap<K, V> {
	readonly #entries = new Map<K, { readonly value: V; readonly until: number }>();
	readonly #max: number;

	constructor(max: number) {
		this.#max = max;
	}

	/** The value of `key`, unless it is past its time at `now` (epoch ms). */
	get(key: K, now: number): V | undefined {
		const entry = this.#entries.get(key);
		if (entry === undefined) return undefined;
		if (now < entry.until) return entry.value;
		this.#entries.delete(key);
		return undefined;
	}

	/** Keeps `value` until the instant `until`, exclusive. */
	set(key: K, value: V, until: number): void {
		this.#entries.delete(key);
		const oldest = this.#entries.size < this.#max ? undefined : this.#entries.keys().next();
		if (oldest !== undefined && oldest.done !== true) this.#entries.delete(oldest.value);
		this.#entries.set(key, { value, until });
	}
}
