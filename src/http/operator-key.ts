/** Recognises the operator's key, `MINOOTS_ADMIN_KEY`. A deployment without one has no operator. */
import { createHash } from "node:crypto";
import { equalBytes } from "../core/public-id.ts";

/** Whether `credential` is the operator's key. Both are hashed, so that neither their lengths nor
 * the place of the first difference show in the time it takes. */
export function isOperatorKey(credential: string, operatorKey: string | undefined): boolean {
	if (operatorKey === undefined || operatorKey === "") return false;
	return equalBytes(digest(credential), digest(operatorKey));
}

function digest(text: string): Uint8Array {
	return createHash("sha256").update(text).digest();
}
