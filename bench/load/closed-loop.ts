/**
 * A closed loop: so many connections, each sending its next request when the last was answered.
 * That is how the peers were measured too; it says what a service can take, not what latency it has
 * at a lower, open rate.
 */
import { quantile } from "../statistics.ts";
import { Connection } from "./connection.ts";
import { unexpected } from "./unexpected.ts";

/** As many as the peers were measured with. */
export const CONNECTIONS = 32;
/** Requests before the clock starts: connections, caches and the just-in-time compiler. */
const WARM_UP_MS = 500;

export type Loop = {
	readonly origin: string;
	/** The same request every time, or one made for each. */
	readonly request: Buffer | (() => Buffer);
	/** The status that counts; any other one ends the benchmark, since its figures mean nothing. */
	readonly expected: number;
	readonly durationMs: number;
	readonly connections?: number;
};

export type LoopResult = {
	readonly perSecond: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
};

/** Runs the loop; rejects at the first answer with another status and at a broken connection. */
export async function runClosedLoop(loop: Loop): Promise<LoopResult> {
	const { origin, request, expected, durationMs, connections = CONNECTIONS } = loop;
	const next = typeof request === "function" ? request : () => request;
	const latencies: number[] = [];
	const startAt = performance.now() + WARM_UP_MS;
	const endAt = startAt + durationMs;

	const drive = async () => {
		const connection = new Connection(origin);
		try {
			for (let sentAt = performance.now(); sentAt < endAt; ) {
				const answer = await connection.request(next());
				const answeredAt = performance.now();
				if (answer.status !== expected) throw unexpected(answer.status, answer.body);
				if (answeredAt >= startAt && answeredAt < endAt) latencies.push(answeredAt - sentAt);
				sentAt = answeredAt;
			}
		} finally {
			connection.close();
		}
	};
	await Promise.all(Array.from({ length: connections }, drive));
	return {
		perSecond: (latencies.length / durationMs) * 1_000,
		p50Ms: quantile(latencies, 0.5),
		p99Ms: quantile(latencies, 0.99),
	};
}
