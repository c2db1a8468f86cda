/** `/v1/timers/bulk`: one action on everything a filter selects. */
import { z } from "zod";
import { JobIdSchema } from "../../contract/ids.ts";
import { BulkAnswerSchema, BulkBodySchema } from "../../contract/timer-calls.ts";
import { defineRoute, type Route } from "../route.ts";
import { runBulk } from "../timers/bulk.ts";
import { JOB_EXAMPLE } from "./timer-examples.ts";

const JobStartedSchema = z.object({ jobId: JobIdSchema, matched: z.int() });

export const bulkRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/timers/bulk",
		tag: "Timers",
		summary: "Cancel or delete everything a filter selects",
		description:
			"`dryRun` only counts. More than 5,000 matches become a job. Timers with a delivery under way are left by `delete` and told `in_flight` by `cancel`.",
		auth: { scope: "timer.manage" },
		request: {
			body: BulkBodySchema,
			example: { action: "cancel", filter: { labels: { team: "ops" } }, dryRun: true },
		},
		responses: {
			200: {
				description: "How many matched and how many were changed",
				schema: BulkAnswerSchema,
				example: { action: "cancel", matched: 12, changed: 0, dryRun: true },
			},
			202: {
				description: "A job has been started; `Location` shows its progress",
				schema: JobStartedSchema,
				example: { jobId: JOB_EXAMPLE.jobId, matched: JOB_EXAMPLE.matched },
			},
		},
		idempotency: { stored: true },
		handle: (context) => runBulk(context, context.body),
	}),
];
