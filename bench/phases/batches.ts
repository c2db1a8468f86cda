/** Batch creates: 10,000 timers a call, as JSON and as NDJSON, beside an object that inserts as many rows. */
import type { Context } from "../context.ts";
import { Connection } from "../load/connection.ts";
import { encodeRequest } from "../load/request.ts";
import { unexpected } from "../load/unexpected.ts";
import { atLeast, type Metric } from "../report/metric.ts";
import { BATCH_TIMERS, type BatchFormat, requireCreated, type Tenant } from "../tenant.ts";
import { FAR, FAR_URL, type Variant, webhookTimer } from "../timers.ts";

const TARGET_PER_SECOND = 50_000;
const MS_PER_SECOND = 1_000;

export async function measureBatches({ scale, baseline, tenant, say }: Context): Promise<Metric[]> {
	const subject = await tenant();
	const bare = await baseline();
	const body = JSON.stringify({ timers: makeTimers() });
	const rowsRequest = encodeRequest({ method: "POST", path: "/rows", body });
	const rows: number[] = [];
	const json: number[] = [];
	const ndjson: number[] = [];
	const fast: number[] = [];
	for (let rep = 0; rep < scale.reps; rep++) {
		say(`batches: repetition ${rep + 1}`);
		rows.push(await timeCalls(bare.origin, rowsRequest, scale.batchCalls));
		json.push(await measureBatchRate(subject, scale.batchCalls));
		ndjson.push(await measureBatchRate(subject, scale.batchCalls, "ndjson"));
		fast.push(await measureBatchRate(subject, scale.batchCalls, "json", { fidelity: "fast" }));
	}
	const each = `${BATCH_TIMERS.toLocaleString("en")} a call`;
	return [
		{ name: `baseline: object, rows of a batch, ${each}`, unit: "/s", values: rows },
		{
			name: `batch creates, ${each}, JSON`,
			unit: "/s",
			values: json,
			target: atLeast(TARGET_PER_SECOND),
			peers: "pg-boss 27,000",
		},
		{ name: `batch creates, ${each}, NDJSON`, unit: "/s", values: ndjson },
		{ name: `batch creates, ${each}, JSON`, variant: "fast", unit: "/s", values: fast },
	];
}

/** Timers a second over `calls` calls, one after the other on each connection. */
export async function measureBatchRate(
	tenant: Tenant,
	calls: number,
	format: BatchFormat = "json",
	variant: Variant = {},
	connections = 1,
): Promise<number> {
	const request = tenant.batchRequest(makeTimers(variant), format);
	const rates = Array.from({ length: connections }, () =>
		timeCalls(tenant.origin, request, calls / connections),
	);
	return (await Promise.all(rates)).reduce((sum, perSecond) => sum + perSecond, 0);
}

async function timeCalls(origin: string, request: Buffer, calls: number): Promise<number> {
	const connection = new Connection(origin);
	const startedAt = performance.now();
	for (let call = 0; call < calls; call++) {
		const answer = await connection.request(request);
		if (answer.status !== 201 && answer.status !== 200) {
			throw unexpected(answer.status, answer.body);
		}
		if (answer.body.length > 0) requireCreated(answer, BATCH_TIMERS);
	}
	connection.close();
	return (calls * BATCH_TIMERS * MS_PER_SECOND) / (performance.now() - startedAt);
}

function makeTimers(variant: Variant = {}) {
	return Array.from({ length: BATCH_TIMERS }, () => webhookTimer(FAR_URL, { in: FAR }, variant));
}
