/** The runtime's command line: parsed, checked and defaulted. Knows nothing of what it starts. */
import { isIP } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { err, ok, type Result } from "../src/core/result.ts";
import { type Refusal, usageRefusal } from "./refusal.ts";

export const USAGE = `Usage: npm start -- [options]

  --state DIR        where everything is kept (default .minoots)
  --port N           port of the HTTP API; 0 picks a free one (default 3000)
  --host H           address to listen on (default 127.0.0.1); any other than loopback
                     switches webhooks to loopback destinations off
  --allow-loopback   allow webhooks to loopback destinations all the same
  --no-dev-clock     no /v1/dev/clock: tenants cannot move their time
  --no-observers     no metrics and no endpoint health, to measure what they cost
  --help             this text

Environment: CORS_ORIGINS names the origins whose pages may call the API, separated by commas;
SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_SIGNING_SECRET connect a Slack app
(docs/guides/slack.md); SLACK_API_URL names another Slack, for tests.
`;

/** Beside the code, so that a fresh clone keeps everything in one place. */
export const DEFAULT_STATE = ".minoots";
const DEFAULT_PORT = 3_000;
const MAX_PORT = 65_535;

export type RuntimeOptions = {
	/** Absolute path. */
	readonly state: string;
	readonly host: string;
	/** 0 asks for any free port. */
	readonly port: number;
	readonly allowLoopback: boolean;
	/** Whether tenants may move their time, for tests. */
	readonly devClock: boolean;
	/** False only where the cost of metrics and endpoint health is measured. */
	readonly observers: boolean;
};

/** What the command line asks for; "help" when that is all it wants. */
export function parseOptions(argv: readonly string[]): Result<RuntimeOptions | "help", Refusal> {
	const parsed = parseValues(argv);
	if (!parsed.ok) return parsed;
	const { help, state, port, "allow-loopback": allowLoopback } = parsed.value;
	// The name may mean ::1 or 127.0.0.1, and not the same to everybody who resolves it.
	const host = parsed.value.host === "localhost" ? "127.0.0.1" : parsed.value.host;
	if (help) return ok("help");
	if (state === "") return err(misused("--state must name a folder"));
	if (host === "") return err(misused("--host must name an address"));
	if (!/^\d{1,5}$/.test(port) || Number(port) > MAX_PORT) {
		return err(misused(`--port must be a number from 0 to ${MAX_PORT}, got "${port}"`));
	}
	return ok({
		state: resolve(state),
		host,
		port: Number(port),
		allowLoopback: allowLoopback || isLoopbackHost(host),
		devClock: !parsed.value["no-dev-clock"],
		observers: !parsed.value["no-observers"],
	});
}

function parseValues(argv: readonly string[]) {
	try {
		const { values } = parseArgs({
			args: [...argv],
			options: {
				state: { type: "string", default: DEFAULT_STATE },
				port: { type: "string", default: String(DEFAULT_PORT) },
				host: { type: "string", default: "127.0.0.1" },
				"allow-loopback": { type: "boolean", default: false },
				"no-dev-clock": { type: "boolean", default: false },
				"no-observers": { type: "boolean", default: false },
				help: { type: "boolean", default: false, short: "h" },
			},
		});
		return ok(values);
	} catch (error) {
		// parseArgs throws for what people type; its first sentence names the culprit.
		const said = error instanceof Error ? error.message : String(error);
		return err(misused(said.split(". ")[0] ?? said));
	}
}

function misused(line: string): Refusal {
	return usageRefusal(`${line} (see --help)`);
}

/** Whether only this machine can reach a listener on `host`. */
function isLoopbackHost(host: string): boolean {
	return host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** The address a client on this machine uses for a listener on `host`, ready for a URL. */
export function localUrl(host: string, port: number): string {
	if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
	if (host === "::") return `http://[::1]:${port}`;
	return isIP(host) === 6 ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}
