/**
 * What the network is compared with: the least a Worker on this platform can do. An empty Hono
 * route, a Durable Object that inserts one row per request (and many per call), and a loop that
 * sends webhooks. No validation, no keys, no groups. Started by start.ts; never deployed.
 */
import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";

type Rows = { readonly toArray: () => unknown[] };
type Storage = { readonly sql: { exec(query: string, ...binds: unknown[]): Rows } };
type Env = {
	readonly BARE: { getByName(name: string): Bare };
	readonly OUTBOUND: { fetch(url: string, init: RequestInit): Promise<Response> };
};

export class Bare extends DurableObject<Env> {
	readonly #sql: Storage["sql"];

	constructor(ctx: { readonly storage: Storage }, env: Env) {
		super(ctx, env);
		this.#sql = ctx.storage.sql;
		this.#sql.exec("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, doc TEXT NOT NULL)");
	}

	insert(doc: string): void {
		this.#sql.exec("INSERT INTO row (doc) VALUES (?)", doc);
	}

	/** All rows in one implicit transaction: nothing is awaited in between. */
	insertAll(docs: readonly string[]): void {
		for (const doc of docs) this.#sql.exec("INSERT INTO row (doc) VALUES (?)", doc);
	}
}

const app = new Hono<{ Bindings: Env }>();

app.post("/empty", (c) => c.body(null, 201));

app.post("/row", async (c) => {
	await c.env.BARE.getByName("one").insert(await c.req.text());
	return c.body(null, 201);
});

app.post("/rows", async (c) => {
	const { timers } = (await c.req.json()) as { readonly timers: readonly unknown[] };
	await c.env.BARE.getByName("one").insertAll(timers.map((timer) => JSON.stringify(timer)));
	return c.body(null, 201);
});

/** Sends `count` POSTs to `url` + number, `inFlight` at a time, through the same way out. */
app.post("/send", async (c) => {
	const { url, count, inFlight, body } = (await c.req.json()) as {
		readonly url: string;
		readonly count: number;
		readonly inFlight: number;
		readonly body: string;
	};
	let next = 0;
	const send = async () => {
		while (next < count) {
			const response = await c.env.OUTBOUND.fetch(url + next++, { method: "POST", body });
			await response.text();
		}
	};
	await Promise.all(Array.from({ length: inFlight }, send));
	return c.body(null, 201);
});

export { app as default };
