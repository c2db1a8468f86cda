/**
 * Judges the edit with which a dead letter is replayed, as strictly as the action it edits: where it
 * may send, which headers it may set, what it may carry.
 */
import type { DeadLetterPatch } from "../contract/delivery.ts";
import { LIMITS } from "../contract/limits.ts";
import { checkToken, readHeaders, readUrl } from "./normalise-action.ts";
import { utf8Length } from "./offload-bodies.ts";
import { err, ok, type Result } from "./result.ts";
import { checkRequestTemplates } from "./template/check-action.ts";
import { Flaws, type TimerRefusal, type TimerRules } from "./timer-rules.ts";

/** The edit to store. Its body stays in the row, so that it is bounded as such a body is. */
export function normaliseReplay(
	patch: DeadLetterPatch,
	rules: Pick<TimerRules, "judge">,
): Result<DeadLetterPatch, TimerRefusal> {
	const flaws = new Flaws();
	if (patch.url !== undefined) {
		readUrl(patch.url, "patch.url", rules, flaws);
	}
	checkRequestTemplates(patch, "patch", flaws);
	if (patch.method === "GET" && patch.body !== undefined) {
		flaws.invalid("patch.body", "a GET request carries no body");
	}
	if (patch.token !== undefined) checkToken(patch.token, "patch", flaws);
	const headers = patch.headers && readHeaders(patch.headers, "patch", flaws);
	const refusal = flaws.refusal() ?? bodyRefusal(patch);
	if (refusal !== undefined) return err(refusal);
	return ok(headers === undefined ? patch : { ...patch, headers });
}

function bodyRefusal({ body }: DeadLetterPatch): TimerRefusal | undefined {
	if (body === undefined) return undefined;
	const bytes = utf8Length(JSON.stringify(body));
	if (bytes <= LIMITS.inlineBodyBytes) return undefined;
	const detail = `The edited body takes ${bytes} bytes; at most ${LIMITS.inlineBodyBytes} are stored with a dead letter.`;
	return { code: "payload_too_large", detail };
}
