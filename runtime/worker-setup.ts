/**
 * What the Worker gets on one machine: the bindings of `wrangler.toml`, this start's own variables,
 * the guarded way out, and everything of Miniflare that talks or listens by itself switched off.
 */
import { join } from "node:path";
import { Log, LogLevel, type MiniflareOptions, type WorkerOptions } from "miniflare";
import type { WorkerConfig } from "../scripts/build.ts";
import { listDeniedCidrs } from "../src/core/destination/deny-list.ts";

export type WorkerSetup = {
	readonly config: WorkerConfig;
	/** The bundled ES module. */
	readonly script: string;
	/** Variables and secrets that only this start knows; they win over those of the config. */
	readonly vars: Readonly<Record<string, string>>;
	readonly allowLoopback: boolean;
	readonly host: string;
	readonly port: number;
	/** Where Miniflare's own entry listens, on loopback; nobody calls it. */
	readonly entryPort: number;
	/** The folder in which Durable Objects and R2 keep their files. */
	readonly state: string;
	readonly log: (line: string) => void;
};

/** Addresses of this machine, as workerd's `network` service writes them. */
const LOOPBACK_BLOCKS = ["127.0.0.0/8", "::1/128"];
const MODULE = "index.js";

export function toMiniflareOptions(setup: WorkerSetup): MiniflareOptions {
	return {
		host: "127.0.0.1",
		port: setup.entryPort,
		resourcePersistencePath: setup.state,
		log: createRelayingLog(setup.log),
		handleStructuredLogs: ({ message }) => setup.log(message),
		// Nothing that reaches for the network, writes outside the state folder or slows a request.
		cf: false,
		logRequests: false,
		enableDevRegistry: false,
		telemetry: { enabled: false },
		unsafeTriggerHandlers: false,
		unsafeLocalExplorer: false,
		unsafeObservability: false,
		workers: [toWorkerOptions(setup)],
	};
}

function toWorkerOptions(setup: WorkerSetup): WorkerOptions {
	const vars = Object.entries(setup.vars).map(
		([name, value]) => [name, { type: "text", value }] as const,
	);
	return {
		config: {
			...setup.config,
			manifest: {
				mainModule: MODULE,
				modulesRoot: "/",
				modules: { [MODULE]: { type: "esm", contents: setup.script } },
			},
			env: {
				...setup.config.env,
				...Object.fromEntries(vars),
				OUTBOUND: {
					type: "network",
					// workerd takes the narrower block of the two lists; its own "public" is too wide.
					allow: setup.allowLoopback ? ["public", ...LOOPBACK_BLOCKS] : ["public"],
					deny: listDeniedCidrs(),
					tlsOptions: { trustBrowserCas: true },
				},
			},
		},
		dev: {
			rootPath: join(setup.state, "tmp"),
			cacheAPI: false,
			unsafeRegisterWorker: false,
			unsafeDirectSockets: [{ host: setup.host, port: setup.port }],
		},
	};
}

/** Warnings and errors of Miniflare itself (not of the Worker) go where the Worker's lines go. */
function createRelayingLog(relay: (line: string) => void): Log {
	class RelayingLog extends Log {
		protected override log(message: string): void {
			relay(message);
		}
	}
	return new RelayingLog(LogLevel.WARN);
}
