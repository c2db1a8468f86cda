/** The calls that tests of lists make. */
import type {
	ListAnswer,
	ListPosition,
	TimerFilter,
	TimerOrder,
} from "../../durable-objects/tenant-shard/rpc.ts";
import type { ShardDriver } from "./harness.ts";

export const ALL: TimerFilter = {
	statuses: null,
	labels: [],
	name: null,
	dueBefore: null,
	dueAfter: null,
};

export type ListOptions = {
	readonly order?: TimerOrder;
	readonly filter?: Partial<TimerFilter>;
	readonly after?: ListPosition | null;
	readonly limit?: number;
};

export async function list(shard: ShardDriver, options: ListOptions = {}): Promise<ListAnswer> {
	const { order = "created", filter = {}, after = null, limit = 1_000 } = options;
	return await shard.stub().list({ order, filter: { ...ALL, ...filter }, after, limit });
}

export function seqsOf({ items }: ListAnswer): number[] {
	return items.map(({ timer }) => timer.seq);
}

/** All pages, and what `between` does after each. */
export async function listAll(
	shard: ShardDriver,
	options: ListOptions,
	between: () => Promise<unknown> = async () => {},
): Promise<number[]> {
	const seqs: number[] = [];
	let { after = null } = options;
	for (;;) {
		const page: ListAnswer = await list(shard, { ...options, after });
		seqs.push(...seqsOf(page));
		if (page.scannedTo === null) return seqs;
		after = page.scannedTo;
		await between();
	}
}
