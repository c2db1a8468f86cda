/** Trying a template, on the wire. */
import { z } from "zod";
import { JsonObjectSchema, JsonValueSchema } from "./json.ts";

export const TemplatePreviewSchema = z
	.strictObject({
		template: JsonValueSchema.meta({
			description: "Text with `${…}` in it, or JSON whose texts have",
		}),
		context: JsonObjectSchema.optional().meta({
			description:
				"What the expressions see: params, steps, event, timer, run, firing. `now` is an instant (RFC 3339 or epoch ms; the request's arrival unless given), `timezone` the zone of `now_date` (UTC unless given)",
		}),
	})
	.meta({ id: "TemplatePreview" });
export type TemplatePreview = z.infer<typeof TemplatePreviewSchema>;

export const TemplatePreviewAnswerSchema = z
	.object({
		value: JsonValueSchema.meta({ description: "What the template resolves to" }),
		variables: z.array(z.string()).meta({ description: "The data it reads, by path" }),
		missing: z.array(z.string()).meta({ description: "Those of them that the context has not" }),
	})
	.meta({ id: "TemplatePreviewAnswer" });
export type TemplatePreviewAnswer = z.infer<typeof TemplatePreviewAnswerSchema>;
