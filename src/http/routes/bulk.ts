/** `/v1/timers/bulk` and `/v1/timers/cleanup`: one action on everything a filter selects. */
import { z } from "zod";
import { JobIdSchema } from "../../contract/ids.ts";
import { BulkAnswerSchema, BulkBodySchema, CleanupBodySchema } from "../../contract/timer-calls.ts";
import { defineRoute, type Route } from "../route.ts";
import { cleanUp, runBulk } from "../timers/bulk.ts";
import { JOB_EXAMPLE } from "./timer-examples.ts";

const JobStartedSchema = z.object({ jobId: JobIdSchema, matched: z.int() });

const JOB_STARTED = {
	description: "A job has been started; `Location` shows its progress",
	schema: JobStartedSchema,
	example: { jobId: JOB_EXAMPLE.jobId, matched: JOB_EXAMPLE.matched },
};

export const bulkRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/timers/bulk",
		tag: "Timers",
		summary: "Do one thing to everything a filter selects",
		description:
			"`dryRun` only counts. More than 5,000 matches become a job. Timers with a delivery under way are left by `delete` and told `in_flight` by `cancel`; `pause` and `resume` count those that were not paused, or were; `run` and `replay` start a firing of each, as the calls on one timer do.",
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
			202: JOB_STARTED,
		},
		idempotency: { stored: true },
		handle: (context) => runBulk(context, context.body),
	}),
	defineRoute({
		method: "POST",
		path: "/v1/timers/cleanup",
		tag: "Timers",
		summary: "Remove timers that ended long ago",
		description:
			"With their history, as DELETE does; recurring timers that go on are left. `dryRun` only counts. More than 5,000 matches become a job.",
		auth: { scope: "timer.manage" },
		request: {
			body: CleanupBodySchema,
			example: { olderThan: "7d", statuses: ["settled", "cancelled"] },
		},
		responses: {
			200: {
				description: "How many matched and how many were removed",
				schema: BulkAnswerSchema,
				example: { action: "delete", matched: 12, changed: 12, dryRun: false },
			},
			202: JOB_STARTED,
		},
		idempotency: { stored: true },
		handle: (context) => cleanUp(context, context.body),
	}),
];
