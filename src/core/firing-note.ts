/** What a receiver is told of a firing beside its number and instant: why there is one at all. */
import type { JsonObject } from "../contract/json.ts";
import type { TimerDoc } from "./timer-doc.ts";

/** Members of `firing` in bodies and templates: of a step of an escalation, and of a replay. */
export function firingNote({
	escalated,
	replayOf,
}: Pick<TimerDoc, "escalated" | "replayOf">): JsonObject {
	if (escalated === undefined) return replayOf === undefined ? {} : { replayOf };
	const { firing, action, step, reason } = escalated;
	return { escalation: { firing, ...(action !== undefined && { action }), step, reason } };
}
