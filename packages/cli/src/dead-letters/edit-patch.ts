/**
 * A request in an editor: what was changed of it is the patch. The file lies in a folder that only
 * its owner can read, since requests carry secrets, and goes away with it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeadLetter, DeadLetterPatch } from "../../../sdk/src/types.ts";
import { operationFailure } from "../frame/failure.ts";

type WebhookRequest = Extract<DeadLetter["request"], { type: "webhook" }>;
type Env = Readonly<Record<string, string | undefined>>;

const MEMBERS = ["url", "method", "headers", "body", "timeoutMs"] as const;

/** Opens the editor; throws a `Failure` where nothing is to be sent. */
export async function editPatch(
	request: WebhookRequest,
	preset: DeadLetterPatch,
	env: Env,
): Promise<DeadLetterPatch> {
	const before = Object.fromEntries(MEMBERS.map((name) => [name, request[name]]));
	const offered = { ...before, ...preset };
	const folder = await mkdtemp(join(tmpdir(), "minoots-"));
	try {
		const path = join(folder, "request.json");
		await writeFile(path, `${JSON.stringify(offered, null, 2)}\n`);
		await openEditor(path, env);
		return patchOf(before, await readFile(path, "utf8"));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The members that differ. Exported for its tests. */
function patchOf(before: Readonly<Record<string, unknown>>, text: string): DeadLetterPatch {
	if (text.trim() === "")
		throw operationFailure("declined", "The text is empty: nothing was sent.");
	const after = parse(text);
	const unknown = Object.keys(after).filter((name) => !MEMBERS.some((one) => one === name));
	if (unknown.length > 0) {
		const what = `expected ${MEMBERS.join(", ")}, got ${unknown.join(", ")}`;
		throw operationFailure("invalid_edit", `The edited request: ${what}. Nothing was sent.`);
	}
	const changed = MEMBERS.filter(
		(name) =>
			after[name] !== undefined && JSON.stringify(after[name]) !== JSON.stringify(before[name]),
	);
	// The network checks the values.
	return Object.fromEntries(changed.map((name) => [name, after[name]])) as DeadLetterPatch;
}

function parse(text: string): Record<string, unknown> {
	try {
		const value = JSON.parse(text);
		if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw operationFailure("invalid_edit", `The edited request is not JSON: ${reason}`);
	}
	throw operationFailure("invalid_edit", "The edited request is not a JSON object.");
}

/** Through the shell, since editors are given with options: `code --wait`. */
async function openEditor(path: string, env: Env): Promise<void> {
	const editor = env["VISUAL"] || env["EDITOR"] || "vi";
	const child = spawn(`${editor} "$MINOOTS_FILE"`, {
		shell: true,
		stdio: "inherit",
		env: { ...env, MINOOTS_FILE: path },
	});
	const [code, signal] = await once(child, "close");
	if (code === 0) return;
	const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
	throw operationFailure("editor_failed", `${editor} ${how}: nothing was sent.`, "Set $EDITOR.");
}
