/** A bar on stderr that goes on by itself between what the network tells. */
import type { Timer } from "../../../sdk/src/types.ts";
import { oneLine, printable } from "./printable.ts";
import { paintStatus, type Style } from "./style.ts";
import { formatSpan } from "./times.ts";

const WIDTH = 30;
/** As often as is still seen as moving. */
const DRAW_MS = 100;
const CLEAR_LINE = "\r\u001B[K";

export type ProgressBar = {
	/** How it stands now. */
	update(timer: Timer): void;
	/** Takes it off the screen. */
	stop(): void;
};

export function startProgressBar(target: NodeJS.WritableStream, style: Style): ProgressBar {
	let known: { readonly timer: Timer; readonly at: number } | undefined;
	const draw = () => {
		if (known === undefined) return;
		const text = barText(known.timer, Date.now() - known.at, style);
		target.write(`${CLEAR_LINE}${text}`);
	};
	const ticks = setInterval(draw, DRAW_MS);
	return {
		update(timer) {
			known = { timer, at: Date.now() };
			draw();
		},
		stop() {
			clearInterval(ticks);
			target.write(CLEAR_LINE);
		},
	};
}

/** @param sinceMs how long ago the network said so */
function barText(timer: Timer, sinceMs: number, style: Style): string {
	const { id, name, status, progress, timeRemainingMs } = timer;
	const leftMs = isRunning(timer) ? Math.max(0, timeRemainingMs - sinceMs) : timeRemainingMs;
	const share = timeRemainingMs === 0 ? progress : 1 - ((1 - progress) * leftMs) / timeRemainingMs;
	const full = Math.floor(share * WIDTH);
	const bar = `${style.cyan("█".repeat(full))}${style.dim("░".repeat(WIDTH - full))}`;
	const percent = `${Math.floor(share * 100)}%`.padStart(4);
	const due =
		leftMs > 0 && isRunning(timer) ? `in ${formatSpan(leftMs)}` : paintStatus(style, status);
	return `${printable(oneLine(name ?? id))}  ${bar} ${percent}  ${due}`;
}

/** Whether its time runs down. */
function isRunning({ status }: Timer): boolean {
	return status === "scheduled" || status === "armed";
}
