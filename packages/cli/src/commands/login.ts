/** `minoots login`: an address and its key, tried and kept as a profile. */
import type { Command } from "commander";
import { configPath, readConfig, writeConfig } from "../frame/config-file.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { readStdin } from "../frame/input.ts";
import { run } from "../frame/run.ts";

type Options = { readonly keyStdin?: boolean };
/** What `GET /v1/key` says, as far as it is shown. */
type Holder = { readonly kind: string; readonly tenant?: string; readonly plan?: string };

const PROFILE_DEFAULT = "default";

export function configure(command: Command): void {
	command.option("--key-stdin", "read the key from stdin").action(
		run(async (context, options: Options) => {
			const { globals, out, env } = context;
			const name = globals.profile ?? (env["MINOOTS_PROFILE"] || PROFILE_DEFAULT);
			const path = configPath(env);
			const config = readConfig(path);
			const url = await askUrl(context, config.profiles[name]?.url);
			const apiKey = await askKey(context, url, options);
			const holder = await tryKey(context, { url, apiKey });
			const profiles = { ...config.profiles, [name]: { url, apiKey } };
			writeConfig(path, { current: name, profiles });
			if (out.isJson) return out.json(holder);
			const { kind, tenant, plan } = holder;
			const whose = kind === "operator" ? "the operator" : `tenant ${tenant}, plan ${plan}`;
			out.line(`Logged in to ${url} as ${whose}.`);
			out.note(`Kept as profile "${name}" in ${path}, which only you can read.`);
		}),
	);
	addExamples(
		command,
		"minoots login",
		"minoots login --profile work --url https://minoots.example.com",
		'echo "$KEY" | minoots login --profile ci --url https://minoots.example.com --key-stdin',
	);
}

async function askUrl({ globals, env, canAsk, signal }: Context, known: string | undefined) {
	const named = globals.url ?? (env["MINOOTS_URL"] || env["MINOOTS_API_BASE"] || undefined);
	if (named !== undefined) return checkedUrl(named);
	if (!canAsk) {
		if (known !== undefined) return known;
		throw usageFailure("the address of the network is missing", "Add --url https://…");
	}
	const { text } = await import("@clack/prompts");
	const answer = await text({
		message: "Address of the network",
		placeholder: "https://minoots.example.com",
		initialValue: known ?? "",
		validate: (value) => (isUrl(value ?? "") ? undefined : "Expected https://… or http://…"),
		output: process.stderr,
		signal,
	});
	return checkedUrl(await answered(answer));
}

async function askKey({ globals, env, canAsk, signal }: Context, url: string, options: Options) {
	const named = options.keyStdin === true ? (await readStdin()).trim() : undefined;
	const key = named ?? globals.apiKey ?? (env["MINOOTS_API_KEY"] || undefined);
	if (key) return key;
	if (!canAsk || named !== undefined) {
		throw usageFailure(
			"the key is missing",
			"Pipe it in with --key-stdin, or set MINOOTS_API_KEY.",
		);
	}
	const { password } = await import("@clack/prompts");
	const message = `Key for ${url}`;
	const answer = await password({
		message,
		validate: (value) => (value?.trim() ? undefined : "Expected a key: mnt_…"),
		output: process.stderr,
		signal,
	});
	return (await answered(answer)).trim();
}

/** Nothing is kept that the network does not take. */
async function tryKey({ globals, signal }: Context, access: { url: string; apiKey: string }) {
	const { createClient } = await import("../frame/client.ts");
	const tell = (line: string) => void process.stderr.write(`${line}\n`);
	const client = createClient(access, { globals, tell });
	return (await client.request("GET", "/v1/key", { signal })) as Holder;
}

/** Ctrl-C in a prompt. */
async function answered(answer: string | symbol): Promise<string> {
	if (typeof answer === "string") return answer;
	const { interrupted } = await import("../frame/confirm.ts");
	throw interrupted();
}

function checkedUrl(url: string): string {
	if (isUrl(url)) return url.replace(/\/+$/, "");
	throw usageFailure(`--url: expected an address like https://minoots.example.com, got "${url}"`);
}

function isUrl(text: string): boolean {
	return /^https?:\/\/[^/]/.test(text) && URL.canParse(text);
}
