/** Answers to `quiet` and `tz`. Called by Slack's routes. */
import { plainMessage, type SlackMessage, type ZoneNote, zoneLines } from "./message.ts";
import { formatQuietHours, type QuietHours } from "./quiet-hours.ts";

export function renderQuiet(input: {
	readonly hours: QuietHours | null;
	readonly zone: string;
}): SlackMessage {
	if (input.hours === null)
		return plainMessage("You have no quiet hours. `quiet 22:00-07:00` sets some.");
	return plainMessage(
		`Quiet hours: *${formatQuietHours(input.hours)}* (${input.zone}). What is due then waits until they end.`,
	);
}

export function renderZone(input: {
	readonly zone: string;
	readonly zoneFrom: ZoneNote;
}): SlackMessage {
	const from = input.zoneFrom === "own" ? "as you set it" : "as Slack has it";
	const isSure = input.zoneFrom === "own" || input.zoneFrom === "slack";
	return plainMessage(
		`Your time zone: *${input.zone}*${isSure ? `, ${from}` : ""}.`,
		zoneLines(input.zone, input.zoneFrom),
	);
}
