/** `/v1/dev/clock`: the tenant's time, moved on by users' tests. On the local runtime only. */
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import { ClockMovedSchema, ClockMoveSchema, ClockSchema } from "../../contract/dev-clock.ts";
import { readClockMove } from "../../core/clock-move.ts";
import { formatInstant } from "../../core/instant.ts";
import { refuse, refuseField } from "../failure.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { forgetTenantClock, tenantNowOf } from "../tenant-clock.ts";

const NEXT_YEAR = "2027-12-01T09:00:00.000Z";

export const devClockRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/v1/dev/clock",
		tag: "Test clock",
		summary: "Read the tenant's time",
		auth: { scope: "timer.manage" },
		responses: {
			200: {
				description: "The tenant's time and the machine's",
				schema: ClockSchema,
				example: {
					now: NEXT_YEAR,
					realNow: "2026-12-01T09:00:00.000Z",
					aheadMs: 31_536_000_000,
				},
			},
		},
		handle: ({ tenantNow, now }) => reply(clockView(tenantNow, now)),
	}),
	defineRoute({
		method: "POST",
		path: "/v1/dev/clock",
		tag: "Test clock",
		summary: "Move the tenant's time on",
		description: `Stops at each instant at which a timer is due, lets its firings settle, and goes on. Schedules follow the tenant's time; retries, leases, mailboxes and limits keep to the machine's.

A step waits at most 30 s for its firings, and after 20 s no further one is begun: the answer then has \`reached: false\`, and another call with \`{"set": target}\` goes on. Time is not turned back.`,
		auth: { scope: "timer.manage" },
		request: { body: ClockMoveSchema, example: { advance: "1d" } },
		responses: {
			200: {
				description: "Where the clock is now",
				schema: ClockMovedSchema,
				example: {
					now: NEXT_YEAR,
					realNow: "2026-12-01T09:00:00.000Z",
					aheadMs: 31_536_000_000,
					reached: true,
					target: NEXT_YEAR,
					fired: 365,
					steps: 365,
				},
			},
		},
		problems: ["clock_moving"],
		idempotency: { stored: true },
		async handle({ env, exec, tenant, body, tenantNow }) {
			const target = readClockMove(body, tenantNow);
			if (!target.ok) return refuseField(target.error.path, target.error.message);
			forgetTenantClock(tenant);
			const moving = Promise.resolve(registryOf(env, tenant).moveClock(target.value));
			// It goes on when the caller hangs up.
			exec.waitUntil(moving.then(forget, forget));
			const moved = await moving;
			if (moved === undefined) {
				return refuse("clock_moving", "Another call is moving the tenant's time.");
			}
			forgetTenantClock(tenant);
			const realNow = Date.now();
			const { reached, fired, steps } = moved;
			return reply({
				...clockView(await tenantNowOf(env, tenant, realNow), realNow),
				reached,
				target: formatInstant(target.value),
				fired,
				steps,
			});

			function forget(): void {
				forgetTenantClock(tenant);
			}
		},
	}),
];

function clockView(now: number, realNow: number) {
	return { now: formatInstant(now), realNow: formatInstant(realNow), aheadMs: now - realNow };
}
