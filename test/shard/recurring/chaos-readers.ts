/** What readers are told of the timers of chaos: of each of them, and of nothing else. */
import { TimerStatusSchema } from "../../../src/contract/timer.ts";
import { accepted, type ShardDriver } from "../harness.ts";
import { list } from "../list-calls.ts";

export async function readAll(shard: ShardDriver, timers: readonly number[]): Promise<void> {
	const stub = shard.stub();
	const { items } = await list(shard);
	for (const { timer } of items) {
		const { seq, status, remaining, firedCount } = timer;
		if (!timers.includes(seq)) throw new Error(`A list shows ${seq}.`);
		TimerStatusSchema.parse(status);
		if ((remaining ?? 0) < 0) throw new Error(`${seq} has ${remaining} firings left.`);
		const firings = accepted(await stub.firings(seq));
		const ended = firings.filter((one) => one.status !== "firing");
		// Of older firings a trail tells no more.
		if (ended.length > firedCount) throw new Error(`${seq} has fired only ${firedCount} times.`);
		accepted(await stub.deliveries(seq, 0, 1_000));
	}
}
