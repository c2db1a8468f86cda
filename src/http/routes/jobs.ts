/** `/v1/jobs/:id`: how far a bulk call has come. */
import { z } from "zod";
import { JobIdSchema } from "../../contract/ids.ts";
import { JobSchema } from "../../contract/timer-calls.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { readJob } from "../timers/bulk.ts";
import { JOB_EXAMPLE } from "./timer-examples.ts";

export const jobRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/v1/jobs/:id",
		tag: "Timers",
		summary: "Read the progress of a bulk call",
		auth: { scope: "timer.read" },
		request: { params: z.object({ id: JobIdSchema }) },
		responses: { 200: { description: "The job", schema: JobSchema, example: JOB_EXAMPLE } },
		problems: ["not_found"],
		async handle(context) {
			const job = await readJob(context, context.params.id);
			return job.ok ? reply(job.value) : job;
		},
	}),
];
