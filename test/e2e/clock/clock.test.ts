/** The tenant's time on a real network: moved over webhooks, and through kills. */

import { createServer } from "node:http";
import { expect, it } from "vitest";
import type { ClockMovedView } from "../../../src/contract/dev-clock.ts";
import { begin, type Run, restart } from "../../helpers/killable-run.ts";
import { listenAt } from "../../helpers/loopback.ts";
import type { Received } from "../../helpers/receiver.ts";

const CLOCK = "/v1/dev/clock";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function nowOf({ client }: Run): Promise<number> {
	return Date.parse((await client.call<{ now: string }>("GET", CLOCK)).body.now);
}

/** Moves on to `target`, in as many calls as it takes. */
async function moveTo({ client }: Run, target: number): Promise<ClockMovedView> {
	for (;;) {
		const set = new Date(target).toISOString();
		const { status, body } = await client.call<ClockMovedView>("POST", CLOCK, { set });
		expect(status).toBe(200);
		if (body.reached) return body;
	}
}

/** A timer an hour, the first in an hour; answers when they are due. */
async function createHourly({ client, receiver }: Run, count: number, from: number) {
	const dues = Array.from({ length: count }, (_, n) => new Date(from + (n + 1) * HOUR));
	const timers = dues.map((at) => ({
		at: at.toISOString(),
		actions: [{ type: "webhook", url: `${receiver.url}/hook` }],
	}));
	await client.createAll(timers);
	return dues.map((at) => at.toISOString());
}

function dueAtOf({ body }: Received): string {
	return JSON.parse(body).data.firing.dueAt;
}

it("[CLOCK-15] a day passes in a call, and webhooks arrive in order with their instants", async () => {
	const run = await begin();
	const from = await nowOf(run);
	const dues = await createHourly(run, 24, from);
	const moved = await moveTo(run, from + DAY);
	expect(moved).toMatchObject({ fired: 24, steps: 24 });
	expect(run.receiver.received.map(dueAtOf)).toEqual(dues);
	expect(await nowOf(run)).toBeGreaterThanOrEqual(from + DAY);
});

it("[CLOCK-15] a year of a daily schedule passes in seconds, also over DST", async () => {
	const run = await begin();
	const schedule = { cron: "30 2 * * *", timezone: "Europe/Berlin" };
	const asked = { schedule, count: 365 };
	type Preview = { occurrences: { at: string }[] };
	const { body } = await run.client.call<Preview>("POST", "/v1/timers/preview", asked);
	const expected = body.occurrences.map(({ at }) => at);
	const actions = [{ type: "webhook", url: `${run.receiver.url}/hook` }];
	const made = await run.client.call("POST", "/v1/timers", { schedule, actions });
	expect(made.status).toBe(201);
	await moveTo(run, Date.parse(expected.at(-1) ?? ""));
	expect(run.receiver.received.map(dueAtOf)).toEqual(expected);
	expect(new Set(run.receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(365);
});

it("[CLOCK-15] what a receiver makes while time stands is due from that instant on", async () => {
	const run = await begin();
	const from = await nowOf(run);
	let left = 20;
	const dues: string[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", async () => {
			dues.push(JSON.parse(Buffer.concat(chunks).toString()).data.firing.dueAt);
			if (--left > 0) await next();
			response.end();
		});
	});
	const url = await listenAt(server);
	const next = async () => {
		const timer = { in: "1d", actions: [{ type: "webhook", url }] };
		expect((await run.client.call("POST", "/v1/timers", timer)).status).toBe(201);
	};
	await next();
	const moved = await moveTo(run, from + 60 * DAY);
	server.close();
	expect(moved).toMatchObject({ fired: 20, steps: 20 });
	const first = Date.parse(dues[0] ?? "");
	expect(dues.map((due) => Date.parse(due) - first)).toEqual(dues.map((_, n) => n * DAY));
});

it("[CLOCK-16] a kill in the middle of a move loses nothing and turns nothing back", async () => {
	const run = await begin();
	const from = await nowOf(run);
	const dues = await createHourly(run, 200, from);
	const moving = moveTo(run, from + 30 * DAY).catch(() => "cut off");
	await run.receiver.waitFor(60);
	await run.network.kill("SIGKILL", "both");
	expect(await moving).toBe("cut off");
	await restart(run);
	const last = Date.parse(run.receiver.received.map(dueAtOf).at(-1) ?? "");
	expect(await nowOf(run)).toBeGreaterThanOrEqual(last);
	await moveTo(run, from + 30 * DAY);

	const first = new Map<string, string>();
	for (const request of run.receiver.received) {
		const id = request.headers["webhook-id"] ?? "";
		if (!first.has(id)) first.set(id, dueAtOf(request));
	}
	// A repeat carries its id; each firing's first arrival is in order.
	expect([...first.values()]).toEqual(dues);
	const timers = await run.client.listAll("status=settled");
	expect(timers).toHaveLength(200);
});

it("[CLOCK-14] `--no-dev-clock` leaves the path out", async () => {
	const run = await begin(["--no-dev-clock"]);
	expect((await run.client.call("GET", CLOCK)).status).toBe(404);
	expect((await run.client.call("POST", CLOCK, { advance: "1d" })).status).toBe(404);
	const { body } = await run.client.call<{ paths: object }>("GET", "/openapi.json");
	expect(Object.keys(body.paths)).not.toContain(CLOCK);
});
