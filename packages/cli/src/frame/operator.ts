/**
 * The client with the operator's key, for what no tenant may do: the key from `--api-key`, else
 * MINOOTS_ADMIN_KEY, else that of the network started in this folder, else whatever key is known.
 */
import { readFileSync } from "node:fs";
import type { Minoots } from "../../../sdk/src/index.ts";
import { parseObject } from "./config-file.ts";
import { requireConnection } from "./connection.ts";
import type { Context } from "./context.ts";

/** How the file of a network started here ends; `connection.ts` names it as the key's source. */
const DEV_FILE = /[\\/]\.minoots[\\/]dev\.json$/;

export async function operatorClient({ globals, env }: Context): Promise<Minoots> {
	const named = globals.apiKey ?? (env["MINOOTS_ADMIN_KEY"] || undefined);
	const asked = named === undefined ? globals : { ...globals, apiKey: named };
	const connection = requireConnection(asked, env, process.cwd());
	const { apiKey, apiKeyFrom } = connection;
	const local = DEV_FILE.test(apiKeyFrom) ? readAdminKey(apiKeyFrom) : undefined;
	const { createClient } = await import("./client.ts");
	const tell = (line: string) => void process.stderr.write(`${line}\n`);
	return createClient({ url: connection.url, apiKey: local ?? apiKey }, { globals, tell });
}

function readAdminKey(path: string): string | undefined {
	const { adminKey } = parseObject(readFileSync(path, "utf8")) ?? {};
	return typeof adminKey === "string" ? adminKey : undefined;
}
