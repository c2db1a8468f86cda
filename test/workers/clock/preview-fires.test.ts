/** What a preview says of a schedule is what fires when its time comes, for rules and zones at random. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { randomSchedule } from "../../helpers/random-schedules.ts";
import { call, newTenant, type TestTenant } from "../http/client.ts";

/** Occurrences of each rule: of a monthly one, two years. */
const COUNT = 24;
const RUNS = 15;

type Page = {
	readonly items: readonly { readonly type: string; readonly data: { readonly dueAt?: string } }[];
	readonly nextCursor: string | null;
};

/** The due times of all firings so far, oldest first. */
async function firedOf({ key }: TestTenant, id: string): Promise<string[]> {
	const fired: string[] = [];
	for (let cursor = ""; ; ) {
		const answer = await call(`/v1/timers/${id}/events?limit=1000${cursor}`, { key });
		const page: Page = answer.body;
		for (const { type, data } of page.items) {
			if (type === "timer.fired") fired.push(data.dueAt ?? "");
		}
		if (page.nextCursor === null) return fired.reverse();
		cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
	}
}

async function post({ key }: TestTenant, path: string, body: object, status = 200) {
	const answer = await call(path, { key, body });
	expect(answer.status, JSON.stringify(answer.body)).toBe(status);
	return answer.body;
}

it("[CLOCK-20] what is previewed is what fires, over years, whatever rule and zone", {
	timeout: 120_000,
}, async () => {
	await fc.assert(
		fc.asyncProperty(randomSchedule("2026-03-01T02:30:00"), async (schedule) => {
			const tenant = await newTenant();
			const asked = { schedule, count: COUNT };
			const preview = await call("/v1/timers/preview", { key: tenant.key, body: asked });
			// Refused: a rule at random may be one that never comes.
			fc.pre(preview.status === 200);
			const { occurrences } = preview.body;
			const expected: string[] = occurrences.map(({ at }: { at: string }) => at);
			const set = expected.at(-1);
			fc.pre(set !== undefined);
			const { id } = await post(tenant, "/v1/timers", { schedule }, 201);
			for (let reached = false; !reached; ) {
				({ reached } = await post(tenant, "/v1/dev/clock", { set }));
			}
			expect(await firedOf(tenant, id)).toEqual(expected);
		}),
		{ numRuns: RUNS },
	);
});
