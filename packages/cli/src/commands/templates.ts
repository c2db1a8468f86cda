/** `minoots templates preview`: what a template resolves to, without a timer. */
import type { Command } from "commander";
import type { JsonObject } from "../../../sdk/src/types.ts";
import { addExamples } from "../frame/examples.ts";
import { collect, readJsonOrText, readObject, readStdin } from "../frame/input.ts";
import { run } from "../frame/run.ts";

type Options = { readonly param?: readonly string[]; readonly context?: readonly string[] };

export function configure(command: Command): void {
	command.helpCommand(false);
	configurePreview(command.command("preview").summary("Show what a template resolves to"));
	addExamples(command, `minoots templates preview 'Hello \${params.name}' --param name=Ada`);
}

function configurePreview(command: Command): void {
	command
		.argument("<template>", "text with ${…} in it, or JSON whose texts have; - for stdin")
		.option("--param <key=value>", "a member of params, or JSON for all; may be repeated", collect)
		.option("--context <json>", "params, steps, event, timer, now, …; may be repeated", collect)
		.action(
			run(async (context, text: string, options: Options) => {
				const template = readJsonOrText(text === "-" ? await readStdin() : text);
				const params = readObject("--param", options.param);
				const data = {
					...readObject("--context", options.context),
					...(params !== undefined && { params }),
				};
				const { templates } = await context.minoots();
				// Both are parsed from JSON, or text.
				const call = { template, context: data } as { template: string; context: JsonObject };
				const answer = await templates.preview(call, { signal: context.signal });
				const { out } = context;
				if (out.isJson) return out.json(answer);
				const { value, missing } = answer;
				out.line(typeof value === "string" ? value : JSON.stringify(value, null, 2));
				if (missing.length > 0) out.note(`Not in the context: ${missing.join(", ")}.`);
			}),
		);
	addExamples(
		command,
		`minoots templates preview 'Hello \${params.name}' --param name=Ada`,
		`minoots templates preview '{"at":"\${now}"}' --context '{"now":"2026-12-01T09:00:00Z"}'`,
	);
}
