/**
 * Mailboxes: how long from a timer's due time until an agent that waits by long poll has the work in
 * its hands, and how many messages a second agents pull and acknowledge.
 */
import type { Context } from "../context.ts";
import { Agent, type Pulled } from "../load/agent.ts";
import { measureBullMq } from "../peers/bullmq.ts";
import { atMost, type Metric, NONE } from "../report/metric.ts";
import { quantile } from "../statistics.ts";
import type { Tenant } from "../tenant.ts";
import { agentTimer } from "../timers.ts";

const PER_SECOND = 50;
const APART_MS = 1_000 / PER_SECOND;
const TARGET_P50_MS = 10;
const TARGET_P99_MS = 40;
/** Between the create call and the first due time. */
const LEAD_MS = 1_500;
/** One long poll; the work comes long before it ends. */
const WAIT_MS = 20_000;
/** Agents that share a mailbox. */
const AGENTS = 4;
const BATCH_SIZES = [1, 10, 100] as const;
/** Pulls a throughput run may last: single messages are slower, so it gets fewer. */
const MESSAGES_PER_BATCH_SIZE = { 1: 0.1, 10: 0.5, 100: 1 } as const;

export async function measureMailbox(context: Context): Promise<Metric[]> {
	const { scale, tenant, say } = context;
	const subject = await tenant();
	const latencies: { p50: number; p99: number; missing: number }[] = [];
	for (let rep = 0; rep < scale.reps; rep++) {
		say(`mailbox: latency, repetition ${rep + 1}`);
		latencies.push(await runLatency(subject, `latency-${rep}`, scale.steadySeconds * PER_SECOND));
	}
	const rates: Metric[] = [];
	for (const size of BATCH_SIZES) {
		const values: number[] = [];
		const count = scale.stormTimers * MESSAGES_PER_BATCH_SIZE[size];
		for (let rep = 0; rep < scale.reps; rep++) {
			say(`mailbox: batches of ${size}, repetition ${rep + 1}`);
			values.push(await runThroughput(subject, `rate-${size}-${rep}`, count, size));
		}
		rates.push({
			name: `mailbox: pulled and acknowledged, ${AGENTS} agents`,
			variant: `batches of ${size}`,
			unit: "/s",
			values,
		});
	}
	return [
		{
			name: "mailbox: due → in an agent's hands, p50",
			unit: "ms",
			values: latencies.map(({ p50 }) => p50),
			target: atMost(TARGET_P50_MS),
		},
		{
			name: "mailbox: due → in an agent's hands, p99",
			unit: "ms",
			values: latencies.map(({ p99 }) => p99),
			target: atMost(TARGET_P99_MS),
		},
		{
			name: "mailbox: messages missing or twice",
			unit: "",
			values: latencies.map(({ missing }) => missing),
			take: "max",
			target: NONE,
		},
		...rates,
		...(await measureBullMq(context, BATCH_SIZES)),
	];
}

/** Timers 20 ms apart, each due alone, and agents that wait for them. */
async function runLatency(tenant: Tenant, mailbox: string, count: number) {
	const startAt = Date.now() + LEAD_MS;
	const timers = Array.from({ length: count }, (_, index) =>
		agentTimer(mailbox, { at: startAt + index * APART_MS }),
	);
	await tenant.createAll(timers);
	const lateness: number[] = [];
	await drain(tenant, mailbox, count, 1, (message, at) => {
		lateness.push(at - Date.parse(message.body.data?.firing?.dueAt ?? ""));
	});
	return {
		p50: quantile(lateness, 0.5),
		p99: quantile(lateness, 0.99),
		missing: Math.abs(count - lateness.length),
	};
}

/** Messages a second, from the first pull of a full mailbox to the last acknowledgement. */
async function runThroughput(tenant: Tenant, mailbox: string, count: number, size: number) {
	await tenant.createAll(Array.from({ length: count }, () => agentTimer(mailbox, { in: "1ms" })));
	await untilDepth(tenant, mailbox, count);
	const startedAt = performance.now();
	await drain(tenant, mailbox, count, size, () => undefined);
	return (count / (performance.now() - startedAt)) * 1_000;
}

/** Lets the agents work until `count` messages are acknowledged. */
async function drain(
	tenant: Tenant,
	mailbox: string,
	count: number,
	size: number,
	onMessage: (message: Pulled, at: number) => void,
): Promise<void> {
	let left = count;
	const agents = Array.from({ length: AGENTS }, () => new Agent(tenant, mailbox));
	const done = Promise.withResolvers<void>();
	const work = async (agent: Agent) => {
		while (left > 0) {
			const messages = await agent.pull(size, WAIT_MS);
			const at = Date.now();
			for (const message of messages) onMessage(message, at);
			if (messages.length === 0) continue;
			await agent.ack(messages);
			left -= messages.length;
		}
		done.resolve();
	};
	const working = agents.map((agent) => work(agent));
	// Those that still wait by long poll when the last message is done are sent home.
	await Promise.race([done.promise, Promise.all(working)]);
	for (const agent of agents) agent.close();
	await Promise.allSettled(working);
}

/** Resolves when that many messages lie in the mailbox. */
async function untilDepth(tenant: Tenant, mailbox: string, count: number): Promise<void> {
	for (;;) {
		const answer = await fetch(`${tenant.origin}/v1/mailboxes/${mailbox}`, {
			headers: tenant.headers,
		});
		const state = (await answer.json()) as { readonly depth?: number };
		if (state.depth === count) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
