/** Every route there is, in the order of the reference. A new resource adds its line here. */
import type { Env } from "../../env.ts";
import type { Route } from "../route.ts";
import { batchRoutes } from "./batch.ts";
import { bulkRoutes } from "./bulk.ts";
import { calendarRoutes } from "./calendars.ts";
import { cloudflareQueueRoutes } from "./cloudflare-queues.ts";
import { deadLetterRoutes } from "./dead-letters.ts";
import { devClockRoutes } from "./dev-clock.ts";
import { documentRoutes } from "./documents.ts";
import { eventRoutes } from "./events.ts";
import { healthRoutes } from "./health.ts";
import { jobRoutes } from "./jobs.ts";
import { keyRoutes } from "./keys.ts";
import { latenessRoutes } from "./lateness.ts";
import { mailboxMessageRoutes } from "./mailbox-messages.ts";
import { mailboxRoutes } from "./mailboxes.ts";
import { metricsRoutes } from "./metrics.ts";
import { oidcRoutes } from "./oidc.ts";
import { pricingRoutes } from "./pricing.ts";
import { scheduleRoutes } from "./schedules.ts";
import { slackRoutes } from "./slack.ts";
import { templateRoutes } from "./templates.ts";
import { tenantRoutes } from "./tenants.ts";
import { timerControlRoutes } from "./timer-control.ts";
import { timerHistoryRoutes } from "./timer-history.ts";
import { timerRunRoutes } from "./timer-runs.ts";
import { timerRoutes } from "./timers.ts";
import { transferRoutes } from "./transfer.ts";
import { usageRoutes } from "./usage.ts";
import { wakeRoutes } from "./wake.ts";
import { webhookSecretRoutes } from "./webhook-secret.ts";

const COMMON: readonly Route[] = [
	...transferRoutes,
	...timerRoutes,
	...scheduleRoutes,
	...timerControlRoutes,
	...timerRunRoutes,
	...timerHistoryRoutes,
	...batchRoutes,
	...bulkRoutes,
	...jobRoutes,
	...templateRoutes,
	...calendarRoutes,
	...deadLetterRoutes,
	...eventRoutes,
	...mailboxRoutes,
	...mailboxMessageRoutes,
	...cloudflareQueueRoutes,
	...slackRoutes,
	...keyRoutes,
	...oidcRoutes,
	...webhookSecretRoutes,
	...tenantRoutes,
	...usageRoutes,
	...latenessRoutes,
	...pricingRoutes,
	...healthRoutes,
	...metricsRoutes,
	...wakeRoutes,
];

/** What a runtime offers, by its settings. */
export function routesOf({ DEV_CLOCK }: Pick<Env, "DEV_CLOCK">): readonly Route[] {
	const routes: readonly Route[] = [
		...COMMON,
		...(DEV_CLOCK === "on" ? devClockRoutes : []),
		...documentRoutes(() => routes),
	];
	return routes;
}

/** What a deployment offers. */
export const ROUTES = routesOf({});
