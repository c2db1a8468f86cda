/**
 * Timers that come one at a time, so that each is as late as its alarm: with and without the jitter
 * policy, in turns. Without actions, so that nothing else of them is late. The figures are the
 * network's own.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "../context.ts";
import { hopQuantile, hopsBetween, readHops } from "../hops.ts";
import type { Metric } from "../report/metric.ts";
import type { Tenant } from "../tenant.ts";

const APART_MS = 150;
const PER_SECOND = Math.floor(1_000 / APART_MS);
const POLICIES = { "no policy": {}, "maxCompensationMs 80": { maxCompensationMs: 80 } } as const;
type Variant = keyof typeof POLICIES;
const VARIANTS: readonly Variant[] = ["no policy", "maxCompensationMs 80"];
/** Between the create call and the first due time, and after the last. */
const LEAD_MS = 1_000;

export async function measureDrift(context: Context): Promise<Metric[]> {
	const { scale, say } = context;
	const tenant = await context.tenant();
	const runs = VARIANTS.map((variant) => ({ variant, p50: [] as number[], p99: [] as number[] }));
	for (let rep = 0; rep < scale.reps; rep++) {
		say(`drift: repetition ${rep + 1}`);
		for (const { variant, p50, p99 } of runs) {
			await context.patchTenant(tenant, { jitterPolicy: POLICIES[variant] });
			const before = await readHops(tenant);
			await fireApart(tenant, scale.steadySeconds * PER_SECOND);
			const hops = hopsBetween(before, await readHops(tenant));
			p50.push(hopQuantile(hops, "due_to_claimed", 0.5));
			p99.push(hopQuantile(hops, "due_to_claimed", 0.99));
		}
	}
	await context.patchTenant(tenant, { jitterPolicy: {} });
	const metric = (share: string, variant: string, values: readonly number[]): Metric => ({
		name: `one timer at a time: due to claimed, ${share}`,
		variant,
		unit: "ms",
		values,
	});
	return runs.flatMap(({ variant, p50, p99 }) => [
		metric("p50", variant, p50),
		metric("p99", variant, p99),
	]);
}

async function fireApart(tenant: Tenant, count: number): Promise<void> {
	const startAt = Date.now() + LEAD_MS;
	const at = (index: number) => new Date(startAt + index * APART_MS).toISOString();
	await tenant.createAll(Array.from({ length: count }, (_, index) => ({ at: at(index) })));
	await delay(startAt + count * APART_MS + LEAD_MS - Date.now());
}
