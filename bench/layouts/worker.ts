/**
 * The Worker and Durable Object of the layout benchmark: one object per layout and fill. A class of
 * the older, fetch-only kind, so that it needs no runtime import and stays a plain typed module.
 * Started by main.ts; never deployed.
 */

import { BATCH, type Layout, STORM, type Timer } from "./layout-b.ts";
import { LAYOUTS } from "./layouts.ts";
import { type Cost, Meter, type Sql } from "./meter.ts";
import { explain, probe } from "./probes.ts";

type State = {
	readonly storage: {
		readonly sql: Sql;
		transactionSync(body: () => void): void;
		sync(): Promise<void>;
	};
};
type Namespace = { getByName(name: string): { fetch(url: string): Promise<Response> } };

export type Phases = { readonly create: Cost; readonly claim: Cost; readonly settle: Cost };
export type Report = {
	readonly pendingBytes: number;
	readonly rounds: readonly Phases[];
	/** Claiming `STORM` timers of one due time, slice after slice, none settled in between. */
	readonly storm: Cost;
	readonly probes: ReturnType<typeof probe>;
	readonly plans: ReturnType<typeof explain>;
};

const ROUNDS = 101;
const START = 1_790_000_000_000;
/** Other timers are due after every measured one, so that they are pending throughout. */
const LATER = START + 365 * 86_400_000;
/** A write burst of this size keeps a transaction small enough for the object's memory. */
const FILL_ROWS = 5_000;

/** A one-webhook timer as the API would store it: about 230 bytes of JSON. */
function docOf(id: number): string {
	return JSON.stringify({
		name: `invoice-reminder-${id}`,
		labels: { team: "billing", plan: "pro" },
		actions: [{ type: "webhook", url: "https://api.example.com/hooks/invoice", method: "POST" }],
		params: { invoice: `inv_${String(id).padStart(10, "0")}`, amount: 4_200, currency: "EUR" },
		p: 5,
	});
}

export class Bench {
	readonly #state: State;

	constructor(state: State) {
		this.#state = state;
	}

	async fetch(request: Request): Promise<Response> {
		const { searchParams } = new URL(request.url);
		const name = searchParams.get("layout") ?? "";
		const layout = LAYOUTS[name];
		if (layout === undefined) return new Response(`no layout ${name}`, { status: 404 });
		return Response.json(await this.#run(layout, name === "B", Number(searchParams.get("others"))));
	}

	async #run(layout: Layout, withProbes: boolean, others: number): Promise<Report> {
		const { storage } = this.#state;
		const sql = new Meter(storage.sql);
		sql.all(layout.schema);
		const emptyBytes = sql.databaseBytes;
		let nextId = 1;
		const create = (count: number, dueOf: (at: number) => number) =>
			storage.transactionSync(() => {
				const timers = Array.from({ length: count }, (_, at) => {
					const id = nextId++;
					return { id, due: dueOf(at), doc: docOf(id) };
				});
				layout.insert(sql, timers);
			});
		for (let done = 0; done < others; done += FILL_ROWS) {
			// Due times arrive in no order, as a tenant's do: 7919 is prime to the range.
			create(Math.min(FILL_ROWS, others - done), (at) => LATER + (((done + at) * 7_919) % 1e7));
			await storage.sync();
		}
		const pendingBytes = (sql.databaseBytes - emptyBytes) / others;

		const rounds: Phases[] = [];
		let cursor = { due: 0, id: 0 };
		for (let round = 0; round < ROUNDS; round++) {
			const now = START + round * 1_000;
			let claimed: readonly Timer[] = [];
			const phases: Phases = {
				create: sql.measure(() => create(BATCH, (at) => now - (at % 7))),
				claim: sql.measure(() =>
					storage.transactionSync(() => {
						claimed = layout.claim(sql, now, cursor);
					}),
				),
				settle: sql.measure(() => storage.transactionSync(() => layout.settle(sql, claimed))),
			};
			if (claimed.length !== BATCH) throw new Error(`claimed ${claimed.length} of ${BATCH}`);
			cursor = claimed.at(-1) ?? cursor;
			rounds.push(phases);
			await storage.sync();
		}
		const stormAt = START + 3_600_000;
		create(STORM, () => stormAt);
		const storm = sql.measure(() => {
			for (let claimed = 0; claimed < STORM; ) {
				const slice = layout.claim(sql, stormAt, cursor);
				claimed += slice.length;
				cursor = slice.at(-1) ?? cursor;
			}
		});
		const report = { pendingBytes, rounds, storm, plans: [], probes: [] };
		if (!withProbes) return report;
		return { ...report, plans: explain(sql), probes: probe(sql, 1, LATER, LATER * 2) };
	}
}

const worker = {
	fetch(request: Request, env: { readonly BENCH: Namespace }): Promise<Response> {
		return env.BENCH.getByName(request.url).fetch(request.url);
	},
};
export default worker;
