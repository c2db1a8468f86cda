/**
 * A line of an export, or a timer as `POST /v1/timers` takes it. What the export says beside the
 * timer itself (`core/export/`) decides whether it is created, and how it goes on.
 */

import type { JsonObject } from "../../contract/json.ts";
import { TIMER_STATUSES } from "../../contract/timer-statuses.ts";
import { type ImportLine, refused, skipped } from "./import-line.ts";

const ENDED: readonly unknown[] = ["settled", "failed", "cancelled", "skipped"];

export function exportedTimer(object: JsonObject): ImportLine {
	const { id, status, createdAt: _, pauseNote, leftOut: __, ...body } = object;
	const source = typeof id === "string" ? id : null;
	if (status === undefined) return { kind: "timer", source, body };
	if (!TIMER_STATUSES.some((one) => one === status)) {
		return refused(source, `status: expected a status of timers, got ${JSON.stringify(status)}`);
	}
	if (ENDED.includes(status)) return skipped(source, `It has ended: it is ${status}.`);
	if (status === "firing" && body["schedule"] === undefined) {
		return skipped(source, "Its one firing had begun, so that it would fire twice.");
	}
	if (status !== "paused") return { kind: "timer", source, body };
	const note = typeof pauseNote === "string" ? pauseNote : null;
	return { kind: "timer", source, body, pause: { note } };
}
