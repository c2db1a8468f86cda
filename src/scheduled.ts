/** The Cron Trigger: the watchdog for lost alarms (decision 4). Leaves one line in the log. */
import { flush, logLine } from "../durable-objects/shared/log.ts";
import type { Env } from "./env.ts";
import { wakeMailboxes } from "./wake-mailboxes.ts";
import { wakeShards } from "./wake-shards.ts";

export async function scheduled(
	_event: ScheduledController,
	env: Env,
	exec: ExecutionContext,
): Promise<void> {
	const startedAt = Date.now();
	// Shards first: a timer that is late weighs more than a lease that has ended.
	const shards = await wakeShards(env, exec);
	const mailboxes = await wakeMailboxes(env, exec);
	const ms = Date.now() - startedAt;
	logLine(env, { at: startedAt, kind: "watchdog", ...shards, ...mailboxes, ms }, exec);
	flush();
}
