/** `minoots api GET /v1/usage`: any call of the API, with the key, retries and errors of this program. */
import type { Command } from "commander";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { collect, readJson, readPairs, readStdin } from "../frame/input.ts";
import { run } from "../frame/run.ts";

type Options = { readonly header?: readonly string[]; readonly contentType?: string };

export function configure(command: Command): void {
	command
		.argument("<method>", "GET, POST, PUT, PATCH or DELETE")
		.argument("<path>", "path and query: /v1/timers?limit=2")
		.argument("[body]", "JSON, - for stdin")
		.option("--header <name=value>", "sent with the call; may be repeated", collect)
		.option("--content-type <type>", "send the body as it is, as this type")
		.action(
			run(
				async (
					context,
					method: string,
					path: string,
					body: string | undefined,
					options: Options,
				) => {
					const { signal } = context;
					const call = readCall(method, path);
					const sent = await readBody(body, options.contentType);
					const headers = readPairs("--header", options.header);
					const minoots = await context.minoots();
					const answer = await minoots.request(call.method, call.path, {
						...sent,
						headers,
						signal,
					});
					show(context, answer);
				},
			),
		);
	addExamples(
		command,
		"minoots api GET /v1/usage",
		'minoots api POST /v1/timers \'{"in": "30s"}\'',
		"minoots api POST /v1/timers/batch - --content-type application/x-ndjson < timers.ndjson",
		"minoots api GET '/v1/timers?status=failed&limit=10' | jq .items",
	);
}

function readCall(method: string, path: string) {
	if (!/^[a-z]+$/i.test(method)) {
		throw usageFailure(`expected a method like GET, got "${method}"`, "minoots api GET /v1/usage");
	}
	if (path.startsWith("/")) return { method: method.toUpperCase(), path };
	throw usageFailure(`expected a path like /v1/timers, got "${path}"`);
}

async function readBody(body: string | undefined, contentType: string | undefined) {
	if (body === undefined) return {};
	const text = body === "-" ? await readStdin() : body;
	return contentType === undefined ? { body: readJson("body", text) } : { body: text, contentType };
}

/** Indented for people; on one line for programs. Text as it came. */
function show({ out }: Context, answer: unknown): void {
	if (answer === undefined) return;
	if (typeof answer === "string") out.raw(answer.endsWith("\n") ? answer : `${answer}\n`);
	else if (out.isForPerson) out.line(JSON.stringify(answer, null, 2));
	else out.json(answer);
}
