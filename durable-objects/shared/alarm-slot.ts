/**
 * The one alarm of an object. It keeps the earliest wish: `setAlarm` replaces whatever is armed, so
 * calling it with a later time would lose the earlier one. The armed value is kept in memory, which
 * makes the common case (an alarm that is early enough) free.
 */
import { SECOND } from "../../src/core/units.ts";

/** Milliseconds after which an alarm that has not rung is set again: a busy object's is not so late. */
const LOST_AFTER_MS = 5 * SECOND;

export class AlarmSlot {
	readonly #storage: DurableObjectStorage;
	/** Epoch ms; null when none is armed. */
	#armedAt: number | null = null;
	#calls = 0;

	constructor(storage: DurableObjectStorage) {
		this.#storage = storage;
	}

	/** How often `setAlarm` was called: each is billed as a row written. */
	get calls(): number {
		return this.#calls;
	}

	/**
	 * Reads what is armed: when the object starts, and when the watchdog looks. An alarm in the past
	 * counts as none: it may be stuck.
	 */
	async refresh(): Promise<void> {
		const armedAt = await this.#storage.getAlarm();
		this.#armedAt = armedAt !== null && armedAt > Date.now() ? armedAt : null;
	}

	/**
	 * The alarm is ringing: none is armed any more. Answers for when it was, if this object armed it or
	 * found it armed.
	 */
	rang(): number | null {
		const armedAt = this.#armedAt;
		this.#armedAt = null;
		return armedAt;
	}

	/**
	 * Rings at `at` (epoch ms) or earlier. Never at or before now: the platform may keep a past
	 * alarm unfired for tens of seconds (workerd issue 6866).
	 */
	ensureBy(at: number): void {
		const now = Date.now();
		// One that is overdue by far is stuck, or waits out what a clock set ahead has skipped.
		const isLost = this.#armedAt !== null && this.#armedAt < now - LOST_AFTER_MS;
		const due = isLost ? now + 1 : Math.max(at, now + 1);
		if (this.#armedAt !== null && this.#armedAt <= due && !isLost) return;
		this.#armedAt = due;
		this.#calls += 1;
		// Not awaited: writes of one turn commit together, and the output gate waits for them. A
		// failed write breaks the object, which then starts over from what is stored.
		void this.#storage.setAlarm(due);
	}
}
