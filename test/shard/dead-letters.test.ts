import { describe, expect, it } from "vitest";
import type { DeadLetterPosition } from "../../durable-objects/tenant-shard/rpc.ts";
import { standStill } from "./clock.ts";
import { ANY, drop, failed, letters, replay, tried } from "./dead-letter-calls.ts";
import { DUE, RETRY_MS } from "./firing.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	outcomeOf,
	refusal,
	timerOf,
	webhooks,
} from "./harness.ts";

standStill();

describe("dead letters", () => {
	it("[DEADSH-1] are listed by age with every attempt and the reason", async () => {
		const { shard, envelope } = await tried();
		await shard.report(envelope, answered(envelope, 503));
		const retry = only(await shard.advance(DUE + RETRY_MS));
		await shard.report(retry, answered(retry, 503));
		const letter = only((await letters(shard)).items);
		expect(letter).toMatchObject({
			timer: 1,
			state: "dead",
			attempts: 2,
			deadAt: DUE + RETRY_MS,
			history: [{ attempt: 1 }, { attempt: 2 }],
		});
		expect(letter.reason).toContain("HTTP 503");
		expect(accepted(await shard.stub().deadLetter(1, 1, 0))).toEqual(letter);
		expect(refusal(await shard.stub().deadLetter(1, 1, 1))).toBe("not_found");
		expect(refusal(await shard.stub().deadLetter(2, 1, 0))).toBe("not_found");
	});

	it("[DEADSH-2] are found by name, label, time and host, also the host of an edit", async () => {
		const shard = await failed(1, { name: "a", labels: { team: "ops" } });
		for (const filter of [
			{ name: "a" },
			{ labels: [["team", "ops"]] as const },
			{ host: "example.com" },
			{ deadAfter: DUE - 1, deadBefore: DUE + 1 },
		]) {
			expect((await letters(shard, filter)).items).toHaveLength(1);
		}
		for (const filter of [
			{ name: "b" },
			{ labels: [["team", "dev"]] as const },
			{ host: "other.example" },
			{ deadAfter: DUE },
			{ deadBefore: DUE },
		]) {
			expect((await letters(shard, filter)).items).toHaveLength(0);
		}
		accepted(await replay(shard, 0, { url: "https://other.example/" }));
		const again = only(await shard.advance(DUE + 5));
		await shard.report(again, answered(again, 404));
		expect((await letters(shard, { host: "other.example" })).items).toHaveLength(1);
	});

	it("[DEADSH-2] one whose host is a template has none", async () => {
		const shard = await failed();
		accepted(await replay(shard, 0, { url: "https://${params.host}/x" }));
		const again = only(await shard.advance(DUE + 5));
		await shard.report(again, answered(again, 404));
		expect((await letters(shard, { host: "example.com" })).items).toHaveLength(0);
		expect((await letters(shard)).items).toHaveLength(1);
	});

	it("[DEADSH-3] are paged without gap or repeat, many of one instant too", async () => {
		const shard = newShard();
		await shard.createMany(250, timerOf(DUE, webhooks(2)));
		for (const envelope of await shard.advance(DUE)) {
			await shard.report(envelope, answered(envelope, 404));
		}
		const seen: string[] = [];
		let after: DeadLetterPosition | null = null;
		do {
			const page: Awaited<ReturnType<typeof letters>> = await shard
				.stub()
				.deadLetters(ANY, after, 33);
			seen.push(...page.items.map(({ timer, action }) => `${timer}:${action}`));
			after = page.scannedTo;
		} while (after !== null);
		expect(seen).toHaveLength(500);
		expect(new Set(seen).size).toBe(500);
	});
});

describe("dropping a dead letter", () => {
	it("[DEADSH-10] takes it off the list and leaves the failed timer failed", async () => {
		const { shard, envelope } = await tried();
		await shard.report(envelope, answered(envelope, 404));
		accepted(await drop(shard));
		expect(refusal(await drop(shard))).toBe("not_found");
		expect((await letters(shard)).items).toEqual([]);
		expect(refusal(await replay(shard))).toBe("not_found");
		expect(await shard.statusOf(1)).toBe("failed");
		expect(await shard.deliveries(1)).toMatchObject([{ state: "cancelled", attempts: 1 }]);
	});

	it("[DEADSH-10] sends nothing again while the timer still fires", async () => {
		const { shard, envelope } = await tried(2);
		const [a, b] = envelope.deliveries;
		if (a === undefined || b === undefined) throw new Error("too few deliveries");
		await shard.report(envelope, [outcomeOf(a, 404), outcomeOf(b, 503)]);
		accepted(await drop(shard));
		const retry = only(await shard.advance(DUE + RETRY_MS));
		expect(retry.deliveries).toMatchObject([{ action: 1, attempt: 2 }]);
		await shard.report(retry);
		expect(await shard.statusOf(1)).toBe("failed");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});
});
