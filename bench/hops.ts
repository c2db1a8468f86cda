/**
 * Where lateness comes from, as the network itself counts it: hop by hop, between two readings of a
 * tenant's `GET /v1/usage/lateness`. The receiver's own figures stand beside these.
 */
import { LATENESS_HOPS, type LatenessHop, type LatenessView } from "../src/contract/lateness.ts";
import { unexpected } from "./load/unexpected.ts";
import type { Tenant } from "./tenant.ts";

/** Observations by hop, and in it by the bucket's upper bound in milliseconds. */
export type Hops = ReadonlyMap<LatenessHop, ReadonlyMap<number, number>>;

export async function readHops({ origin, headers }: Tenant): Promise<Hops> {
	const response = await fetch(`${origin}/v1/usage/lateness`, { headers });
	const text = await response.text();
	if (!response.ok) throw unexpected(response.status, Buffer.from(text));
	// What the network answers with 200 is of this shape.
	const { total } = JSON.parse(text) as LatenessView;
	return new Map(
		LATENESS_HOPS.map((hop) => {
			const counts = new Map<number, number>();
			for (const { buckets } of total.histograms.filter((one) => one.hop === hop)) {
				for (const { upToMs, count } of buckets) add(counts, upToMs, count);
			}
			return [hop, counts];
		}),
	);
}

/** What was observed after `before` and up to `after`. */
export function hopsBetween(before: Hops, after: Hops): Hops {
	return new Map(
		LATENESS_HOPS.map((hop) => {
			const counts = new Map(after.get(hop));
			for (const [upToMs, count] of before.get(hop) ?? []) add(counts, upToMs, -count);
			return [hop, counts];
		}),
	);
}

/** The upper bound of the bucket in which a share of a hop's observations ends; NaN of none. */
export function hopQuantile(hops: Hops, hop: LatenessHop, share: number): number {
	const counts = [...(hops.get(hop) ?? [])].toSorted(([a], [b]) => a - b);
	const all = counts.reduce((sum, [, count]) => sum + count, 0);
	let seen = 0;
	for (const [upToMs, count] of counts) {
		seen += count;
		if (count > 0 && seen >= share * all) return upToMs;
	}
	return Number.NaN;
}

function add(counts: Map<number, number>, upToMs: number, by: number): void {
	counts.set(upToMs, (counts.get(upToMs) ?? 0) + by);
}
