/** What may happen to a shard, as arbitraries: single calls, several at once, time, restarts, faults. */
import fc from "fast-check";

const pick = fc.nat(1_000);
const verdict = fc.constantFrom(200, 200, 503, 503, 404, 410, "not_started", "silent");

const call = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constant("create" as const),
			actions: fc.constantFrom(0, 1, 1, 1, 2, 3),
			inMs: fc.integer({ min: -2_000, max: 20_000 }),
			delays: fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 2 }),
			fast: fc.boolean(),
			priority: fc.integer({ min: 1, max: 9 }),
			copies: fc.constantFrom(1, 1, 1, 1, 30, 130),
		}),
	},
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), pick }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant("patch" as const),
			pick,
			inMs: fc.integer({ min: -3_000, max: 20_000 }),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("replay" as const), pick }) },
	{
		weight: 10,
		arbitrary: fc.record({
			kind: fc.constant("report" as const),
			/** 0 is the newest envelope; old ones are reported late and again. */
			pick: fc.oneof(fc.constant(0), fc.nat(3), pick),
			verdicts: fc.array(verdict, { minLength: 1, maxLength: 7 }),
			last: fc.boolean(),
		}),
	},
);

export const step = fc.oneof(
	{ weight: 10, arbitrary: fc.record({ kind: fc.constant("call" as const), call }) },
	{
		weight: 4,
		arbitrary: fc.record({
			kind: fc.constant("together" as const),
			calls: fc.array(call, { minLength: 2, maxLength: 5 }),
		}),
	},
	{
		weight: 8,
		arbitrary: fc.record({
			kind: fc.constant("advance" as const),
			ms: fc.oneof(fc.nat(3_000), fc.nat(30_000), fc.constant(90_000)),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("back" as const), ms: fc.nat(20_000) }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("evict" as const) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("abort" as const) }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("reboot" as const) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("wake" as const) }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant("trouble" as const),
			/** Which statement fails, counted from now on, and whether senders refuse. */
			statement: fc.option(fc.nat(30)),
			refuses: fc.boolean(),
			ms: fc.nat(5_000),
			call,
		}),
	},
);

/** A call that holds a timer, or lets it go. Beside `step`, so that seeds pinned for that stay good. */
const hold = fc.record({ kind: fc.constantFrom("pause" as const, "resume" as const), pick });

export const stepOrHold = fc.oneof(
	{ weight: 4, arbitrary: step },
	{ weight: 1, arbitrary: hold },
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant("together" as const),
			calls: fc.array(fc.oneof(call, hold), { minLength: 2, maxLength: 5 }),
		}),
	},
);

/** A timer that waits for some that are there, or were. */
const depend = fc.record({
	kind: fc.constant("depend" as const),
	on: fc.array(
		fc.record({
			pick,
			on: fc.constantFrom("success" as const, "failure" as const, "always" as const),
		}),
		{ minLength: 1, maxLength: 3 },
	),
	delayMs: fc.nat(5_000),
	actions: fc.constantFrom(0, 1, 2),
});

export const stepOrDepend = fc.oneof(
	{ weight: 6, arbitrary: stepOrHold },
	{ weight: 3, arbitrary: depend },
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant("together" as const),
			calls: fc.array(fc.oneof(call, hold, depend), { minLength: 2, maxLength: 5 }),
		}),
	},
);

/** The tenant's time is moved ahead, by as much as retries wait or by far more. */
const move = fc.record({
	kind: fc.constant("move" as const),
	ms: fc.oneof(fc.nat(20_000), fc.constant(86_400_000)),
});

export const stepOrMove = fc.oneof(
	{ weight: 6, arbitrary: stepOrHold },
	{ weight: 1, arbitrary: move },
);

export type Hold = typeof hold extends fc.Arbitrary<infer T> ? T : never;
export type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;
export type Depend = typeof depend extends fc.Arbitrary<infer T> ? T : never;
export type Step =
	| (typeof stepOrMove extends fc.Arbitrary<infer T> ? T : never)
	| (typeof stepOrDepend extends fc.Arbitrary<infer T> ? T : never);
