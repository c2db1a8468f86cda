/** `minoots doctor`: which hop of the way to the network fails, and what to do about it. */
import type { Command } from "commander";
import { SCOPES } from "../../../../src/contract/scopes.ts";
import packageJson from "../../package.json" with { type: "json" };
import { examine, type Patient } from "../doctor/examine.ts";
import { failed, type Hop, type HopState, ok } from "../doctor/hop.ts";
import { findConnection } from "../frame/connection.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { EXIT, type ExitCode } from "../frame/exit-codes.ts";
import { Failure } from "../frame/failure.ts";
import { collect, readChoice } from "../frame/input.ts";
import type { Output } from "../frame/output.ts";
import { run } from "../frame/run.ts";

/** For each hop: an answer that takes longer is a finding in itself. */
const TIMEOUT_MS_DEFAULT = 5_000;

export function configure(command: Command): void {
	command
		.option("--need <scope>", "fail unless the key has this scope; may be repeated", collect)
		.action(run(diagnose));
	addExamples(
		command,
		"minoots doctor",
		"minoots doctor --profile ci --need timer.write",
		"minoots doctor --json | jq '.hops[] | select(.state == \"failed\")'",
	);
}

type Options = { readonly need?: readonly string[] };

async function diagnose(context: Context, { need = [] }: Options): Promise<ExitCode> {
	const needed = need
		.flatMap((text) => text.split(","))
		.flatMap((text) => readChoice("--need", text, SCOPES) ?? []);
	const { globals, env, out } = context;
	const found = findAddress(context);
	const hops: Hop[] = [];
	const tell = (hop: Hop) => {
		hops.push(hop);
		if (!out.isJson) show(out, hop);
	};
	tell(found.hop);
	if (found.url !== undefined) {
		const patient: Patient = {
			url: found.url,
			apiKey: found.apiKey,
			apiKeyFrom: found.apiKeyFrom,
			timeoutMs: globals.timeoutMs ?? TIMEOUT_MS_DEFAULT,
			env,
			// The network refuses to make keys with other scopes, so one that is unknown is missing.
			needed,
			versions: `minoots ${packageJson.version}, Node ${process.version}`,
		};
		for await (const hop of examine(patient)) tell(hop);
	}
	const isWell = hops.every(({ state }) => state !== "failed");
	if (out.isJson) out.json({ ok: isWell, url: found.url ?? null, hops });
	return isWell ? EXIT.ok : EXIT.failed;
}

type Found = {
	readonly hop: Hop;
	readonly url?: string;
	readonly apiKey?: string;
	readonly apiKeyFrom: string;
};

/** That nothing is known, or no key, is a finding here and no wrong usage. */
function findAddress({ globals, env }: Context): Found {
	try {
		const connection = findConnection(globals, env, process.cwd());
		const { url, urlFrom, apiKey, apiKeyFrom } = connection;
		return {
			hop: { hop: "address", ...ok(`${url} (from ${urlFrom})`), ms: 0 },
			url,
			apiKey,
			apiKeyFrom,
		};
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		const { code, hint = "Correct it where it comes from." } = error.details;
		if (code !== "no_key") {
			return { hop: { hop: "address", ...failed(error.message, hint), ms: 0 }, apiKeyFrom: "" };
		}
		const { url, urlFrom } = findConnection({ ...globals, apiKey: "none" }, env, process.cwd());
		return {
			hop: { hop: "address", ...ok(`${url} (from ${urlFrom})`), ms: 0 },
			url,
			apiKeyFrom: "",
		};
	}
}

const MARKS: Readonly<Record<HopState, string>> = {
	ok: "✓",
	warning: "!",
	failed: "✗",
	skipped: "–",
};
/** As wide as the longest name. */
const NAME_WIDTH = "certificate".length;

function show(out: Output, { hop, state, detail, advice, ms }: Hop): void {
	const { green, yellow, red, dim } = out.style;
	const paint = { ok: green, warning: yellow, failed: red, skipped: dim }[state];
	const took = state === "skipped" || hop === "address" ? "" : dim(`  ${ms} ms`);
	out.line(`${paint(MARKS[state])} ${hop.padEnd(NAME_WIDTH)}  ${detail}${took}`);
	if (advice !== undefined) out.line(`  ${" ".repeat(NAME_WIDTH)}  ${paint("→")} ${advice}`);
}
