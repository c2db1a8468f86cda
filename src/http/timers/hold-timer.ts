/** Calls that hold a timer back, put it off or answer it: pause, resume, snooze, acknowledge. */
import type { ShardError, TimerRecord } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { AcknowledgeBody, SnoozeBody } from "../../contract/timer-calls.ts";
import { horizonOf, readWhen } from "../../core/normalise-schedule.ts";
import { err, type Result } from "../../core/result.ts";
import { Flaws } from "../../core/timer-rules.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import type { Reply } from "../reply.ts";
import { shardFailure } from "../shard-failure.ts";
import { replyTimer, viewOf } from "./answer.ts";
import { rulesOf } from "./rules.ts";
import { type Home, locate } from "./shards.ts";

const WHAT = "The timer";

type Answered = Promise<Result<Reply, HttpFailure>>;
type Call = (home: Home & { readonly seq: number }) => Promise<Result<TimerRecord, ShardError>>;

export function pauseTimer(context: TenantContext, id: string, note: string | null): Answered {
	return callTimer(context, id, ({ stub, call, seq }) => stub.pause(call, seq, note));
}

export function resumeTimer(context: TenantContext, id: string, note: string | null): Answered {
	return callTimer(context, id, ({ stub, call, seq }) => stub.resume(call, seq, note));
}

export function acknowledgeTimer(
	context: TenantContext,
	id: string,
	{ firing, note }: AcknowledgeBody,
): Answered {
	return callTimer(context, id, ({ stub, call, seq }) =>
		stub.acknowledge(call, seq, firing ?? null, note ?? null),
	);
}

export async function snoozeTimer(context: TenantContext, id: string, body: SnoozeBody): Answered {
	const rules = rulesOf(context);
	const flaws = new Flaws();
	const when = readWhen(body, rules, flaws);
	if (body.by === undefined && body.until === undefined) {
		flaws.invalid("by", "is missing: one of by and until says when it is to fire");
	}
	const refusal = flaws.refusal();
	if (refusal !== undefined) return err(refusal);
	const change = {
		dueAt: null,
		extendMs: when !== undefined && "extendMs" in when ? when.extendMs : null,
		...(when !== undefined && "dueAt" in when && { snoozeUntil: when.dueAt }),
		docPatch: null,
		ifMatch: null,
		horizonAt: horizonOf(rules),
	};
	return callTimer(context, id, ({ stub, call, seq }) => stub.patch(call, seq, change));
}

async function callTimer(context: TenantContext, id: string, work: Call): Answered {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const timer = await work(located.value);
	if (!timer.ok) return err(shardFailure(timer.error, WHAT));
	return replyTimer(await viewOf(context, located.value.shard, timer.value));
}
