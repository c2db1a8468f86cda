/**
 * `const MINOOTS = require("@minoots/timer-system")`: the founding module's calls, on the network.
 * Also the class that its single file exported, with its method names. No logic here.
 */
import { putSettings } from "./settings.ts";
import { cancel, cleanup, create, get, list, logs } from "./timers.ts";
import type { Settings, Timer, TimerConfig } from "./types.ts";

export { MinootsError } from "./error.ts";
export { cancel, cleanup, create, get, list, logs, share } from "./timers.ts";

/** Where the network is, and the key; what is not given stays as it was. */
export function configure(settings: Settings): void {
	putSettings(settings);
}

/** As `independent-timer.js` exported it. */
export class IndependentTimer {
	createTimer(config: TimerConfig): Timer {
		return create(config);
	}
	listTimers(): Timer[] {
		return list();
	}
	getTimer(id: string): Timer | null {
		return get(id);
	}
	getTimerLogs(id: string): string {
		return logs(id);
	}
	cancelTimer(id: string): boolean {
		return cancel(id);
	}
	cleanup(): number {
		return cleanup();
	}
}
