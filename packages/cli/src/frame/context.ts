/** What a command is given: the options of all commands, its output, the network, Ctrl-C. */
import type { Minoots } from "../../../sdk/src/index.ts";
import { type Connection, requireConnection } from "./connection.ts";
import type { Globals } from "./globals.ts";
import type { Output } from "./output.ts";

export type Context = {
	readonly globals: Globals;
	readonly out: Output;
	/** Environment variables. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Aborted by Ctrl-C. Give it to whatever waits. */
	readonly signal: AbortSignal;
	/** A person can be asked: stdin and stderr are terminals, and JSON was not asked for. */
	readonly canAsk: boolean;
	/** Which network and key are meant; fails with exit code 2 where none is known. */
	connection(): Connection;
	/** The SDK's client for it, loaded at the first call. */
	minoots(): Promise<Minoots>;
};

export function createContext(globals: Globals, out: Output, signal: AbortSignal): Context {
	let connection: Connection | undefined;
	let client: Promise<Minoots> | undefined;
	const connect = () => {
		connection ??= requireConnection(globals, process.env, process.cwd());
		return connection;
	};
	const load = async () => {
		const known = connect();
		const { createClient } = await import("./client.ts");
		const tell = (line: string) => void process.stderr.write(`${line}\n`);
		return createClient(known, { globals, tell });
	};
	return {
		globals,
		out,
		env: process.env,
		signal,
		get canAsk() {
			return !globals.json && process.stdin.isTTY === true && process.stderr.isTTY === true;
		},
		connection: connect,
		minoots() {
			client ??= load();
			return client;
		},
	};
}
