/**
 * What a user of the founding module hands to `create`, as `POST /v1/timers` takes it. Nothing is
 * dropped: what is not known here goes along, and the network names it if it does not know it.
 */
import { toLiteral } from "./literal.ts";
import type { OnExpire, TimerConfig } from "./types.ts";

const UNITS_MS: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1_000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};

type Body = Record<string, unknown>;

/** `mailbox` gets what the founding system ran on the machine itself. */
export function toNetwork(config: TimerConfig, mailbox: string): Body {
	const { events, metadata, scenario, depends_on, dependencies, ...rest } = config;
	const durationMs = msOf(config.duration);
	const kept = {
		...(events !== undefined && { events }),
		...(scenario !== undefined && { scenario }),
		...(durationMs !== undefined && { duration: durationMs }),
	};
	return {
		...rest,
		...(depends_on !== undefined && { depends_on: listOf(depends_on) }),
		...(dependencies !== undefined && { dependencies: listOf(dependencies) }),
		...workOf(events, mailbox),
		// Kept as they were written, for `get` and `list`.
		...((metadata !== undefined || Object.keys(kept).length > 0) && {
			metadata: { ...metadata, ...(Object.keys(kept).length > 0 && { founding: kept }) },
		}),
	};
}

function workOf(events: TimerConfig["events"], mailbox: string): Body {
	const onExpire = events?.on_expire;
	if (events === undefined || onExpire === undefined || onExpire === null) {
		// `events: {}` was how one said "nothing".
		return events === undefined || Object.keys(events).length === 0 ? {} : { events };
	}
	if (Object.keys(onExpire).length === 0) return {};
	const { command, file_write, webhook, message, ...others } = onExpire;
	const isLocal = command !== undefined || file_write !== undefined;
	if (!isLocal || Object.keys(others).length > 0) return { events };
	return {
		...(message !== undefined && { message }),
		actions: [
			...(webhook === undefined ? [] : [asAction(webhook)]),
			{
				type: "agent",
				mailbox,
				command: {
					...(command !== undefined && { command: toLiteral(commandOf(command)) }),
					...(file_write !== undefined && { file_write: fileOf(file_write) }),
				},
			},
		],
	};
}

function asAction(webhook: NonNullable<OnExpire["webhook"]>): Body {
	if (typeof webhook === "string") return { type: "webhook", url: webhook };
	const { method, ...rest } = webhook;
	return {
		...rest,
		...(method !== undefined && { method: method.toUpperCase() }),
		type: "webhook",
	};
}

function commandOf(command: NonNullable<OnExpire["command"]>): unknown {
	return typeof command === "object" ? command.command : command;
}

function fileOf(file: NonNullable<OnExpire["file_write"]>): Body {
	const { file: path, content } = typeof file === "object" ? file : { file, content: undefined };
	return {
		file: toLiteral(path),
		...(content !== undefined && { content: toLiteral(content, "${timestamp}") }),
	};
}

/** Of a founding duration, to be shown as it was given; the network reads others too. */
function msOf(duration: TimerConfig["duration"]): number | undefined {
	if (typeof duration === "number") return duration;
	const [, value, unit = ""] = /^(\d+)(ms|s|m|h|d)$/i.exec(String(duration).trim()) ?? [];
	const unitMs = UNITS_MS[unit.toLowerCase()];
	return value === undefined || unitMs === undefined ? undefined : Number(value) * unitMs;
}

function listOf(value: string | readonly string[]): readonly string[] {
	return typeof value === "string" ? [value] : value;
}
