/** What the timers of a request are measured against, and the check of an action's shape. */
import { ActionSchema } from "../../contract/action.ts";
import { calendarsFrom } from "../../core/calendar/calendar-dates.ts";
import { planOf } from "../../core/plan.ts";
import type { ReadAction } from "../../core/read-timer-doc.ts";
import { err } from "../../core/result.ts";
import type { TimerRules } from "../../core/timer-rules.ts";
import { judgeOf } from "../../outbound-policy.ts";
import type { TenantContext } from "../context.ts";
import { shardsOf } from "../shard-call.ts";
import { validate } from "../validate.ts";

export function rulesOf(context: TenantContext): TimerRules {
	const { env, config, tenantNow, traceparent } = context;
	return {
		now: tenantNow,
		plan: planOf(config.plan),
		judge: judgeOf(env),
		traceparent,
		...(context.calendars !== undefined && { calendars: calendarsFrom(context.calendars) }),
		timerAt: (id) => {
			const address = context.ids.parse("tmr", id);
			return address !== undefined && address.shard < shardsOf(config).length ? address : undefined;
		},
	};
}

export const readAction: ReadAction = (value) => {
	const action = validate(ActionSchema, value);
	return action.ok ? action : err(action.error.errors);
};
