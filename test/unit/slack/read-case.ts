/** Reads a phrase into what `phrase-cases.ts` says of it, in Node and in workerd alike. */
import { TimerCreateSchema } from "../../../src/contract/timer.ts";
import { readCommand } from "../../../src/core/slack/command.ts";
import type { PhraseCase } from "./phrase-cases.ts";

/** The clock of a zone, by the runtime's own reckoning. */
export function localOf(utc: string, zone: string): string {
	return new Date(utc).toLocaleString("sv-SE", { timeZone: zone });
}

/** Throws where the network would not take the timer, or its schedule is in another zone. */
export function readCase(phrase: string, zone: string, now: string): PhraseCase[1] {
	const read = readCommand(phrase, { zone, now: Date.parse(now), command: "/ato" });
	if (!read.ok) {
		const { understood, problem } = read.error;
		return understood === null ? { problem } : { understood, problem };
	}
	if (read.value.kind !== "create") throw new Error(`not a timer: ${read.value.kind}`);
	const { told } = read.value;
	const { in: inMs, at, schedule, metadata } = TimerCreateSchema.parse(read.value.timer);
	const { timezone, ...rule } = schedule ?? { timezone: zone };
	if (timezone !== zone) throw new Error(`the schedule is in ${timezone}`);
	const note = metadata?.["slack_note"];
	return {
		...(typeof inMs === "number" && { inMs }),
		...(at !== undefined && { local: localOf(at, zone), utc: at.replace(".000Z", "Z") }),
		...(schedule !== undefined && { schedule: rule }),
		...(typeof note === "string" && { note }),
		...(told.length > 0 && { told: told.join(" ") }),
	};
}
