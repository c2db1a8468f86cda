/**
 * `npm run operator-key`: replaces a lost operator's key of a local network and prints the new one.
 * The network must be stopped, since a running one knows only the key it was started with. In a
 * deployment, `wrangler secret put MINOOTS_ADMIN_KEY` does the same.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { err, ok, type Result } from "../src/core/result.ts";
import { getDevAccess, putDevAccess } from "./dev-tenant.ts";
import { DEFAULT_STATE } from "./options.ts";
import { type Refusal, refusal, usageRefusal } from "./refusal.ts";
import { createAdminKey, getSecrets, putSecrets } from "./secrets.ts";
import { openStateFolder } from "./state-folder.ts";

const outcome = await replaceOperatorKey(process.argv.slice(2));
if (outcome.ok) {
	process.stdout.write(`${outcome.value}\n`);
} else {
	process.stderr.write(`${outcome.error.line}\n`);
	process.exitCode = outcome.error.exitCode;
}

/** Returns the new key once the next start will know it. */
async function replaceOperatorKey(argv: readonly string[]): Promise<Result<string, Refusal>> {
	const state = parseState(argv);
	if (!state.ok) return state;
	const existing = getSecrets(state.value);
	if (!existing.ok) return existing;
	if (existing.value === undefined) {
		return err(refusal(`No network was ever started in ${state.value}: it has no operator's key`));
	}
	const folder = await openStateFolder(state.value);
	if (!folder.ok) return folder;
	const adminKey = createAdminKey();
	await putSecrets(state.value, { ...existing.value, MINOOTS_ADMIN_KEY: adminKey });
	const access = getDevAccess(state.value);
	if (access !== undefined) await putDevAccess(state.value, { ...access, adminKey });
	await folder.value.release();
	return ok(adminKey);
}

function parseState(argv: readonly string[]): Result<string, Refusal> {
	try {
		const options = { state: { type: "string", default: DEFAULT_STATE } } as const;
		return ok(resolve(parseArgs({ args: [...argv], options }).values.state));
	} catch (error) {
		const said = error instanceof Error ? error.message : String(error);
		return err(usageRefusal(`${said}. Usage: npm run operator-key -- [--state DIR]`));
	}
}
