/** The guard of a timer that waits for events until its schedule ends: that end is all it is due for. */
import { eventScheduleOf } from "../../../src/core/event-schedule.ts";
import { finish } from "../firing/reschedule.ts";
import type { Guard } from "./guards.ts";

export const stopAtEnd: Guard = (shard, tx, row, doc) => {
	if (row.parent !== null || eventScheduleOf(doc.schedule) === undefined) return undefined;
	finish(shard, tx, row, "", row.last_firing > 0 ? "settled" : "skipped");
	return { kind: "moved" };
};
