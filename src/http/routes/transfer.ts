/** `/v1/timers/export` and `/v1/timers/import`: timers as files. */
import { z } from "zod";
import { JsonValueSchema } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import {
	ExportQuerySchema,
	ImportAnswerSchema,
	ImportBodySchema,
	type ImportFormat,
	ImportQuerySchema,
} from "../../contract/transfer.ts";
import { defineRoute, type Route, type TextBody } from "../route.ts";
import { exportTimers } from "../timers/export-timers.ts";
import { importTimers } from "../timers/import-timers.ts";
import { TIMER_EXAMPLE } from "./timer-examples.ts";

const TAG = "Timers";

export const transferRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/v1/timers/export",
		tag: TAG,
		summary: "Export timers",
		description:
			"A line of JSON a timer (NDJSON), or an event of iCalendar with the same JSON in it: what an import takes to make them again, nothing of it left out. Without `status`, all that may still fire. Filters are those of the list.",
		auth: { scope: "timer.read" },
		request: { query: ExportQuerySchema },
		responses: {
			200: {
				description: "The timers, in no order that counts",
				schema: z.string(),
				contentType: "application/x-ndjson",
				example: `{"id":"${TIMER_EXAMPLE.id}","status":"scheduled","at":"2026-12-01T09:00:00.000Z"}\n`,
			},
		},
		handle: (context) => exportTimers(context, context.query),
	}),
	defineRoute({
		method: "POST",
		path: "/v1/timers/import",
		tag: TAG,
		summary: "Import timers",
		description:
			"Takes what an export answered, timers as `POST /v1/timers` takes them, the founding system's timer files, iCalendar events and crontabs, up to 10,000 at once. Each stands alone, as in a batch: it is created, skipped with a reason, or an error in its place. With `dryRun=true` nothing is created.",
		auth: { scope: "timer.write" },
		request: {
			query: ImportQuerySchema,
			body: ImportBodySchema,
			texts: {
				"application/json": body("json", "A timer, a list, or {timers: […]}", JsonValueSchema),
				"application/x-ndjson": body("json", "A timer a line"),
				"text/calendar": body("ical", "iCalendar (RFC 5545)"),
				"text/plain": {
					description: "A crontab, as `crontab -l` prints it, unless it looks like JSON",
					read: (text) => ({ format: /^\s*[[{]/.test(text) ? "json" : "crontab", text }),
				},
				"*/*": body("json", "As JSON, unless `format` says otherwise"),
			},
			bodyLimit: LIMITS.batchBodyBytes,
		},
		responses: {
			200: {
				description: "What became of each line, in order",
				schema: ImportAnswerSchema,
				example: {
					created: 1,
					existing: 0,
					skipped: 1,
					failed: 0,
					dryRun: false,
					results: [
						{ index: 0, source: "timer_1764500000000_k3j9x2ab1", id: TIMER_EXAMPLE.id },
						{
							index: 1,
							source: "timer_1764400000000_q8w7e6r5t",
							skipped: 'Its status is "expired".',
						},
					],
				},
			},
		},
		problems: ["quota_exceeded", "rate_limited"],
		idempotency: "handled",
		handle: (context) => importTimers(context, context.body, context.query, context.idempotency),
	}),
];

function body(format: ImportFormat, description: string, schema?: z.ZodType): TextBody {
	return {
		description,
		...(schema !== undefined && { schema }),
		read: (text) => ({ format, text }),
	};
}
