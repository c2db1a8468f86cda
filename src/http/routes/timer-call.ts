/** What routes upon one timer declare alike: its path, its answer, and the calls that change it. */
import { z } from "zod";
import { TimerIdSchema } from "../../contract/ids.ts";
import { TimerViewSchema } from "../../contract/timer.ts";
import { TIMER_EXAMPLE } from "./timer-examples.ts";

export const TimerParamsSchema = z.object({ id: TimerIdSchema });

export const TIMER = { description: "The timer", schema: TimerViewSchema, example: TIMER_EXAMPLE };

/** `POST /v1/timers/:id/…`, answered alike when it is repeated. */
export const TIMER_CALL = {
	method: "POST",
	tag: "Timers",
	auth: { scope: "timer.manage" },
	idempotency: { stored: true },
} as const;
