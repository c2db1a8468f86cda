/** The Cron Trigger: the watchdog for lost alarms (decision 4). Leaves one line in the log. */
import { flush, logLine } from "../durable-objects/shared/log.ts";
import type { Env } from "./env.ts";
import { wakeShards } from "./wake-shards.ts";

export async function scheduled(
	_event: ScheduledController,
	env: Env,
	exec: ExecutionContext,
): Promise<void> {
	const startedAt = Date.now();
	const summary = await wakeShards(env, exec);
	const ms = Date.now() - startedAt;
	logLine(env, { at: startedAt, kind: "watchdog", ...summary, ms }, exec);
	flush();
}
