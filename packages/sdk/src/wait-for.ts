/** Waiting for the end of a timer, through as many long polls as it takes. */
import { MinootsError } from "./error.ts";
import type { RetryOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { backoff, isTransient } from "./retry.ts";
import type { Timer, TimerStatus } from "./types.ts";

export type WaitForOptions = {
	readonly signal?: AbortSignal | undefined;
	/** In all. Without it, there is no end to waiting. */
	readonly timeoutMs?: number | undefined;
	/** Told how the timer stands: at first, and each time that `everyMs` have passed. */
	readonly onProgress?: ((timer: Timer) => void | Promise<void>) | undefined;
	/** Length of one poll: 30,000, or 5,000 with `onProgress`. At most 60,000. */
	readonly everyMs?: number | undefined;
};

type Poll = {
	get(id: string, options: { signal?: AbortSignal | undefined }): Promise<Timer>;
	wait(
		id: string,
		options: { signal?: AbortSignal | undefined; timeoutMs: number; retry: RetryOptions },
	): Promise<Timer>;
};

/** Tries of a poll: several would each take its full length, and outlast `timeoutMs`. */
const ONCE: RetryOptions = { attempts: 1 };
const ENDED: readonly TimerStatus[] = ["settled", "failed", "cancelled", "skipped"];
const POLL_MS = { silent: 30_000, told: 5_000, max: 60_000 } as const;

export async function waitFor(
	timers: Poll,
	id: string,
	{ signal, timeoutMs = Number.POSITIVE_INFINITY, onProgress, everyMs }: WaitForOptions = {},
): Promise<Timer> {
	const pollMs = Math.min(everyMs ?? (onProgress ? POLL_MS.told : POLL_MS.silent), POLL_MS.max);
	const endsAt = Date.now() + timeoutMs;
	let timer = await timers.get(id, { signal });
	for (let failures = 0; ; ) {
		await onProgress?.(timer);
		if (ENDED.includes(timer.status)) return timer;
		const leftMs = endsAt - Date.now();
		if (leftMs <= 0) {
			const what = `The timer ${id} is still ${timer.status} after ${timeoutMs} ms.`;
			throw new MinootsError(what, { code: "timeout" });
		}
		try {
			const forMs = Math.ceil(Math.min(pollMs, leftMs));
			timer = await timers.wait(id, { signal, timeoutMs: forMs, retry: ONCE });
			failures = 0;
		} catch (error) {
			// The timer is known, so what fails now is the way there: it is waited out.
			if (!(error instanceof MinootsError) || !isTransient(error, true)) throw error;
			failures += 1;
			await pause(Math.min(backoff(failures), leftMs), signal);
		}
	}
}
