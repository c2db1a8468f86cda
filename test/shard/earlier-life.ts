/**
 * What a shard has lived through when its storage becomes a fixture of its schema, and the text of
 * that storage. The fixtures of earlier releases were made by this file run in their code; it keeps
 * to what every release has had.
 */
import { START, setClock } from "./clock.ts";
import { newShard, outcomeOf, type ShardDriver, timerOf, webhooks } from "./harness.ts";

/** When the first timers fire; the fixture is made 10 ms later. */
export const FIRED = START + 1_000;
/** When timer 5 is tried again. */
export const RETRY = FIRED + 60_000;
/** When the timers that still wait are due. */
export const DUE = START + 3_600_000;
export const CLAIM = { key: "POST /v1/timers k1", bodyHash: "a" };

const ACTION = { type: "webhook", url: "https://example.com/hooks/nightly" } as const;
const headers = { authorization: "in the open" };

/**
 * Timers 1 to 7: one that waits (with headers, a dedupe key and an idempotency key), one delivered,
 * one failed, one cancelled, one to be retried, one of three actions that waits, one in flight.
 */
export async function liveEarlier(): Promise<ShardDriver> {
	setClock(START);
	const shard = newShard();
	const retry = { delaysMs: [RETRY - FIRED] };
	const first = { name: "first", actions: [{ ...ACTION, headers }], labels: { team: "ops" } };
	await shard.create(timerOf(DUE, first, "d1"), CLAIM);
	for (const name of ["delivered", "failed"]) {
		await shard.create(timerOf(FIRED, webhooks(1, { name, retry })));
	}
	await shard.create(timerOf(DUE, webhooks(1, { name: "cancelled" })));
	await shard.create(timerOf(FIRED, webhooks(1, { name: "retried", retry })));
	await shard.create(timerOf(DUE, webhooks(3, { name: "three" })));
	await shard.create(timerOf(FIRED, webhooks(1, { name: "in flight", retry })));
	await shard.stub().cancel(shard.call, 4, "no longer needed");
	const statuses = new Map([
		[2, 200],
		[3, 404],
		[5, 503],
	]);
	for (const envelope of await shard.advance(FIRED)) {
		const outcomes = envelope.deliveries.flatMap((delivery) => {
			const status = statuses.get(delivery.timer);
			return status === undefined ? [] : [outcomeOf(delivery, status)];
		});
		await shard.report(envelope, outcomes, false);
	}
	return shard;
}

/** The storage as SQL that makes it anew, a statement a line, but for what the platform keeps. */
export function dumpOf(storage: Pick<DurableObjectStorage, "sql">): string {
	const objects = storage.sql
		.exec<{ type: string; name: string; sql: string | null }>(
			"SELECT type, name, sql FROM sqlite_master ORDER BY rowid",
		)
		.toArray()
		.filter(({ name }) => !name.startsWith("_cf_") && !name.startsWith("sqlite_"));
	const lines: string[] = [];
	for (const { type, name, sql } of objects) {
		lines.push(`${sql};`);
		if (type !== "table") continue;
		for (const row of storage.sql.exec(`SELECT * FROM "${name}"`).raw()) {
			lines.push(`INSERT INTO ${name} VALUES (${row.map(literalOf).join(", ")});`);
		}
	}
	return `${lines.join("\n")}\n`;
}

function literalOf(value: SqlStorageValue): string {
	if (value === null) return "NULL";
	if (typeof value === "number") return String(value);
	if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
	throw new Error("No table has a column of bytes.");
}
