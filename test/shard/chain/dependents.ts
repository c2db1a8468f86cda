/** Timers that wait for others, as the edge hands them to a shard. */
import type { NewTimer } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { DependencyCondition, DependencyView } from "../../../src/contract/dependency.ts";
import { NO_INSTANT } from "../../../src/core/dependency.ts";
import type { Address } from "../../../src/core/public-id.ts";
import type { TimerDoc } from "../../../src/core/timer-doc.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { env, type ShardDriver, timerOf, webhooks } from "../harness.ts";

export const DELAY_MS = 5_000;

export type Edge = Address & { readonly on?: DependencyCondition };

/** A timer that is due `delayMs` after the last of `edges`, or at `at`. */
export function dependent(
	shard: Pick<ShardDriver, "tenant">,
	edges: readonly Edge[],
	more: { readonly delayMs?: number; readonly at?: number; readonly doc?: TimerDoc } = {},
): NewTimer {
	const ids = idSpaceOf(env, shard.tenant);
	const { delayMs = DELAY_MS, at, doc = webhooks(1) } = more;
	const dependsOn = edges.map(
		({ on = "success", ...address }): DependencyView => ({ timer: ids.timer(address), on }),
	);
	const whole = { ...doc, dependsOn, ...(at === undefined && { delayMs }) };
	return {
		...timerOf(at ?? NO_INSTANT, whole),
		dependsOn: edges.map(({ on = "success", ...address }, index) => ({
			...address,
			on,
			path: `dependsOn.${index}.timer`,
		})),
	};
}

/** Rows of the tables in which edges stand. */
export async function leftovers(shard: ShardDriver): Promise<Record<string, number>> {
	return shard.inside((storage) =>
		Object.fromEntries(
			["edge", "awaited", "outbox"].map((table) => [
				table,
				storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
			]),
		),
	);
}

export const NOTHING_LEFT = { edge: 0, awaited: 0, outbox: 0 };
