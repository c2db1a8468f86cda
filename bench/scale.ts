/** How much of everything a run measures. The sizes by default; `--quick` only shows that it works. */

export type Scale = {
	readonly reps: number;
	/** One closed loop of single creates, and how many of them beside each baseline. */
	readonly loopMs: number;
	readonly loops: number;
	/** Batch calls of 10,000 a repetition. */
	readonly batchCalls: number;
	readonly stormTimers: number;
	readonly steadySeconds: number;
	/** Pending timers for memory and disk. */
	readonly pendingTimers: number;
	readonly millionTimers: number;
	/** Whether the targets, which are meant for the full sizes, are judged. */
	readonly judged: boolean;
};

export const FULL: Scale = {
	reps: 3,
	loopMs: 2_000,
	loops: 5,
	batchCalls: 8,
	stormTimers: 10_000,
	steadySeconds: 15,
	pendingTimers: 100_000,
	millionTimers: 1_000_000,
	judged: true,
};

export const QUICK: Scale = {
	reps: 1,
	loopMs: 1_000,
	loops: 1,
	batchCalls: 2,
	stormTimers: 2_000,
	steadySeconds: 3,
	pendingTimers: 20_000,
	millionTimers: 100_000,
	judged: false,
};
