/** `/v1/templates/preview`: what a template resolves to, without a timer. */
import { TemplatePreviewAnswerSchema, TemplatePreviewSchema } from "../../contract/template.ts";
import { err } from "../../core/result.ts";
import { previewTemplate } from "../../core/template/preview.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

export const templateRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/templates/preview",
		tag: "Timers",
		summary: "Try a template",
		description:
			"`context` stands for what a firing would bring. Nothing is stored or sent; a bad expression is refused by name.",
		auth: { scope: "timer.read" },
		request: {
			body: TemplatePreviewSchema,
			example: {
				template: "Hello ${params.name}, it is ${now}",
				context: { params: { name: "John" }, now: "2025-08-08T10:30:00Z" },
			},
		},
		responses: {
			200: {
				description: "What it resolves to",
				schema: TemplatePreviewAnswerSchema,
				example: {
					value: "Hello John, it is 2025-08-08T10:30:00.000Z",
					variables: ["now", "params.name"],
					missing: [],
				},
			},
		},
		idempotency: "ignored",
		handle({ body, tenantNow: now }) {
			const answer = previewTemplate(body, now);
			return answer.ok
				? reply(answer.value)
				: err({ code: "validation_failed", errors: answer.error });
		},
	}),
];
