/** What may happen to recurring timers, as arbitraries. Used by chaos.test.ts beside this file. */
import fc from "fast-check";
import { MISFIRE_POLICIES, OVERLAP_POLICIES } from "../../../src/contract/firing-policy.ts";

const SECOND = 1_000;

const pick = fc.nat(1_000);
const verdict = fc.constantFrom(
	200,
	200,
	200,
	503,
	503,
	404,
	410,
	"not_started",
	"accepted",
	"silent",
);

const schedule = fc.oneof(
	fc.record({
		everyMs: fc.constantFrom(2 * SECOND, 5 * SECOND, 10 * SECOND, 60 * SECOND),
		limit: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
	}),
	fc.record({
		afterMs: fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 6 }),
		limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
	}),
);

export const create = fc.record({
	kind: fc.constant("create" as const),
	schedule,
	overlap: fc.constantFrom(undefined, ...OVERLAP_POLICIES),
	misfire: fc.record({
		policy: fc.constantFrom(undefined, ...MISFIRE_POLICIES),
		graceMs: fc.constantFrom(undefined, 0, 3 * SECOND),
		max: fc.constantFrom(undefined, 1, 3),
		paceMs: fc.constantFrom(undefined, 0, 200),
	}),
	jitterMs: fc.constantFrom(0, 0, 0, 800, 3 * SECOND),
	spreadMs: fc.constantFrom(0, 0, 500),
	actions: fc.constantFrom(0, 1, 1, 1, 2, 3),
	delays: fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 2 }),
	fast: fc.boolean(),
	key: fc.constantFrom(undefined, undefined, undefined, "a", "b"),
	copies: fc.constantFrom(1, 1, 1, 3),
});

const call = fc.oneof(
	{ weight: 4, arbitrary: create },
	{
		weight: 12,
		arbitrary: fc.record({
			kind: fc.constant("report" as const),
			/** 0 is the newest envelope; old ones are reported late and again. */
			pick: fc.oneof(fc.constant(0), fc.nat(3), pick),
			verdicts: fc.array(verdict, { minLength: 1, maxLength: 5 }),
			last: fc.boolean(),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant("message" as const),
			pick,
			end: fc.constantFrom("acknowledged", "acknowledged", "expired", "exhausted"),
		}),
	},
	{
		weight: 5,
		arbitrary: fc.record({
			kind: fc.constantFrom("pause", "resume", "resume", "run", "cancel"),
			pick,
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constantFrom("delete", "replayDead", "dropDead"), pick }),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant("change" as const),
			pick,
			how: fc.constantFrom("extend", "snooze", "move", "schedule", "last", "policies"),
			ms: fc.integer({ min: -3_000, max: 20_000 }),
			to: schedule,
			overlap: fc.constantFrom(...OVERLAP_POLICIES),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant("replay" as const),
			pick,
			firing: fc.option(fc.integer({ min: 1, max: 6 })),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant("backfill" as const),
			pick,
			backMs: fc.nat(60_000),
			isSequential: fc.boolean(),
		}),
	},
);

const ms = fc.oneof(fc.nat(3_000), fc.nat(15_000), fc.constant(60_000));

export const step = fc.oneof(
	{ weight: 10, arbitrary: fc.record({ kind: fc.constant("call" as const), call }) },
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant("together" as const),
			calls: fc.array(call, { minLength: 2, maxLength: 5 }),
		}),
	},
	{ weight: 8, arbitrary: fc.record({ kind: fc.constant("advance" as const), ms }) },
	/** Everything is answered at once, as in good weather. */
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("flow" as const), ms: fc.nat(40_000) }) },
	/** Nobody is there: the alarm rings late, if at all. */
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant("outage" as const), ms }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("back" as const), ms: fc.nat(20_000) }) },
	{
		weight: 4,
		arbitrary: fc.record({ kind: fc.constantFrom("evict", "abort", "reboot", "wake") }),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant("trouble" as const),
			/** Which statement fails, counted from now on, and whether senders refuse. */
			statement: fc.option(fc.nat(40)),
			refuses: fc.boolean(),
			ms: fc.nat(5_000),
			call,
		}),
	},
);

/** The tenant's time is moved ahead, by as much as retries wait or by far more. */
const move = fc.record({
	kind: fc.constant("move" as const),
	ms: fc.oneof(fc.nat(20_000), fc.constant(600_000)),
});

export const stepOrMove = fc.oneof({ weight: 8, arbitrary: step }, { weight: 1, arbitrary: move });

type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;
export type Schedule = Of<typeof schedule>;
export type Call = Of<typeof call>;
export type Step = Of<typeof stepOrMove>;
export type CallOf<Kind extends Call["kind"]> = Extract<Call, { kind: Kind }>;
