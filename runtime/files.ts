/**
 * Small files of the state folder: read as JSON, written whole or not at all. A kill between two
 * instructions must never leave half a key or half a record.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";

/** Owner only: every file of the state folder may hold or lead to a secret. */
const PRIVATE_MODE = 0o600;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object a JSON file holds; `{}` when it holds anything else, undefined when there is no file. */
export function readJsonFile(path: string): JsonObject | undefined {
	try {
		const value: unknown = JSON.parse(readFileSync(path, "utf8"));
		return isJsonObject(value) ? value : {};
	} catch (error) {
		if (error instanceof SyntaxError) return {};
		if (isErrno(error) && error.code === "ENOENT") return undefined;
		throw error;
	}
}

/** Writes a file under a temporary name, flushes it to the disk and moves it into place. */
export async function writeFileAtomically(
	path: string,
	text: string,
	mode = PRIVATE_MODE,
): Promise<void> {
	const temporary = `${path}.${randomUUID()}`;
	try {
		const file = await open(temporary, "wx", mode);
		try {
			await file.writeFile(text);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
}

export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Narrows what the operating system threw. */
export function isErrno(error: unknown): error is NodeJS.ErrnoException {
	return error instanceof Error && "code" in error;
}
