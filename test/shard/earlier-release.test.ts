/**
 * Storage that earlier releases wrote, opened with today's code: one run for each folder of
 * test/fixtures/schema, and one for what today's code writes, which the next folder is made of.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { SHARD_MIGRATIONS } from "../../durable-objects/tenant-shard/migrations/index.ts";
import { parseTimerDoc } from "../../src/core/timer-doc.ts";
import { setClock, standStill } from "./clock.ts";
import { ANY } from "./dead-letter-calls.ts";
import { CLAIM, DUE, dumpOf, FIRED, liveEarlier, RETRY } from "./earlier-life.ts";
import { accepted, newShard, type ShardDriver, timerOf } from "./harness.ts";

const fixtures = import.meta.glob<string>("../fixtures/schema/*/shard.sql", {
	query: "?raw",
	import: "default",
	eager: true,
});
const TODAY = "today's release";
const releases = new Map([...Object.entries(fixtures), [TODAY, ""]]);

standStill();

it("[SCHEMA-1] there are fixtures to open", () => {
	expect(Object.keys(fixtures).length).toBeGreaterThan(0);
});

describe.each([...releases.keys()])("%s", (release) => {
	let dump = "";
	beforeAll(async () => {
		dump = releases.get(release) || (await (await liveEarlier()).inside(dumpOf));
	});

	/** A shard with the storage of that release, which the runtime has just started. */
	async function open(): Promise<ShardDriver> {
		setClock(FIRED + 10);
		const shard = newShard();
		await shard.inside((storage) => {
			storage.sql.exec(dump);
			// Objects are found by name, and this test has a tenant of its own.
			storage.sql.exec("UPDATE shard SET tenant = ?", shard.tenant);
		});
		await shard.reboot();
		return shard;
	}

	it("[SCHEMA-1] a shard's storage is brought up to date once and keeps its timers", async () => {
		const shard = await open();
		const applied = () =>
			shard.inside(({ sql }) => sql.exec("SELECT id FROM migration ORDER BY id").toArray());
		const ids = SHARD_MIGRATIONS.map(({ id }) => ({ id })).toSorted((a, b) =>
			a.id < b.id ? -1 : 1,
		);
		expect(await applied()).toEqual(ids);
		await shard.reboot();
		expect(await applied()).toEqual(ids);

		const statuses = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(shard.statusOf));
		const [waiting, delivered, failed, cancelled, retried, three, inFlight] = statuses;
		expect([waiting, three]).toEqual(["scheduled", "scheduled"]);
		expect([delivered, failed, cancelled]).toEqual(["settled", "failed", "cancelled"]);
		expect([retried, inFlight]).toEqual(["firing", "firing"]);
		const first = await shard.timer(1);
		expect(first.fireAt).toBe(DUE);
		expect(parseTimerDoc(first.doc)).toMatchObject({
			name: "first",
			labels: { team: "ops" },
			actions: [{ headers: { authorization: "in the open" } }],
		});
		expect((await shard.timer(4)).cancelReason).toBe("no longer needed");
	});

	it("[SCHEMA-1] history, dead letters and keys are there", async () => {
		const shard = await open();
		expect(await shard.events(2)).toEqual([
			"timer.created",
			"timer.fired",
			"delivery.attempted",
			"delivery.delivered",
			"timer.settled",
		]);
		expect(await shard.deliveries(2)).toMatchObject([{ state: "delivered", attempts: 1 }]);
		const { items } = await shard.stub().deadLetters(ANY, null, 10);
		expect(items).toMatchObject([{ timer: 3, reason: "HTTP 404", history: [{ status: 404 }] }]);
		expect(accepted(await shard.stub().findCreated(CLAIM))).toMatchObject({ seq: 1 });
		expect(await shard.stub().findDedupeKeys(["d1"])).toEqual([1]);
		expect(await shard.create(timerOf(DUE))).toMatchObject({ kind: "created", seq: 8 });
	});

	it("[SCHEMA-2] what waited fires, what was in flight is sent again, what failed replays", async () => {
		const shard = await open();
		accepted(await shard.stub().replayDeadLetter(shard.call, 3, 1, 0, null));
		const sent: string[] = [];
		for (const at of [FIRED + 20, RETRY, DUE]) {
			for (const envelope of await shard.advance(at)) {
				for (const { timer, action, attempt } of envelope.deliveries) {
					sent.push(`${timer}.${action} attempt ${attempt}`);
				}
				await shard.report(envelope);
			}
		}
		expect(sent.toSorted()).toEqual([
			"1.0 attempt 1",
			"3.0 attempt 2",
			"5.0 attempt 2",
			"6.0 attempt 1",
			"6.1 attempt 1",
			"6.2 attempt 1",
			"7.0 attempt 1",
		]);
		const statuses = await Promise.all([1, 3, 5, 6, 7].map(shard.statusOf));
		expect(new Set(statuses)).toEqual(new Set(["settled"]));
		expect((await shard.stub().usage()).active).toBe(0);
	});
});
