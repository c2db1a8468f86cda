/**
 * What one line of an import asks for, whatever format it came in. The readers beside this file make
 * them; the edge creates the timers, or says what it would create.
 */
import type { JsonObject } from "../../contract/json.ts";
import { literal } from "./literal.ts";

/** What the thing was called where it came from: an id, a UID, or the number of a line. */
type Named = { readonly source: string | null };

export type TimerLine = Named & {
	readonly kind: "timer";
	/** As `POST /v1/timers` takes it; not checked yet. */
	readonly body: JsonObject;
	/** It was paused where it came from, with this note. */
	readonly pause?: { readonly note: string | null };
};

export type ImportLine =
	| TimerLine
	/** Well formed, but nothing that could fire again. */
	| (Named & { readonly kind: "skipped"; readonly reason: string })
	| (Named & { readonly kind: "refused"; readonly message: string });

/** What a caller gives along with what is imported. */
export type ImportOptions = {
	/** Epoch ms. */
	readonly now: number;
	/** The action for what names none: a call of this URL, */
	readonly url: string | undefined;
	/** or a message for this mailbox. */
	readonly mailbox: string | undefined;
	/** IANA name, for local times that name no zone of their own. */
	readonly timezone: string | undefined;
};

export function skipped(source: string | null, reason: string): ImportLine {
	return { kind: "skipped", source, reason };
}

export function refused(source: string | null, message: string): ImportLine {
	return { kind: "refused", source, message };
}

/**
 * The action that stands for `work`, as the caller of the import chose; none without a choice. What
 * looks like a template in it is none, but for `kept`.
 */
export function actionFor(
	work: JsonObject,
	{ url, mailbox }: ImportOptions,
	kept?: string,
): JsonObject[] {
	if (url !== undefined) return [{ type: "webhook", url, body: literal(work, kept) }];
	if (mailbox !== undefined) return [{ type: "agent", mailbox, command: literal(work, kept) }];
	return [];
}

/** A value as an object, if it is one. */
export function objectOf(value: unknown): JsonObject | undefined {
	const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
	// Whatever comes here was parsed from JSON.
	return isObject ? (value as JsonObject) : undefined;
}
