/** The message of a timer that has fired once more, by a timer of its own: the first is history. */
import type { IdempotencyClaim } from "../../../durable-objects/tenant-shard/rpc.ts";
import { type TimerCreate, TimerCreateSchema, type TimerView } from "../../contract/timer.ts";
import { ok, type Result } from "../../core/result.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { createTimer } from "../timers/create-timer.ts";
import { validate } from "../validate.ts";
import { timerIn } from "./change-timer.ts";
import { TEAM_LABEL, USER_LABEL } from "./own-timers.ts";
import type { Scene } from "./scene.ts";

/** Creates it, once for a claim; due in `byMs` milliseconds. */
export async function createAgain(
	{ context, team, user }: Scene,
	{ name, labels, metadata, params, actions }: TimerView,
	byMs: number,
	claim: IdempotencyClaim,
): Promise<Result<TimerView, HttpFailure>> {
	const ours = actions.filter((action) => action.type === "slack_message" && action.team === team);
	if (ours.length === 0) return refuse("not_found", "The timer has no message in this workspace.");
	const input = validate<TimerCreate>(TimerCreateSchema, {
		in: byMs,
		...(name !== null && { name }),
		// Of a program's timer there is no asker: whoever has snoozed it finds the new one in their list.
		labels: { [TEAM_LABEL]: team, [USER_LABEL]: user, ...labels },
		metadata,
		params,
		actions: ours,
	});
	if (!input.ok) return input;
	const created = await createTimer(context, input.value, claim);
	return created.ok ? ok(timerIn(created.value)) : created;
}
