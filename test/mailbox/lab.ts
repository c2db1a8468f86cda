/** What a test sees and sets of one tenant's mailbox and shards. Outlives their restarts. */

import type { MessageReport } from "../../durable-objects/agent-mailbox/rpc.ts";
import type { MetricsPush } from "../../durable-objects/metrics/rpc.ts";
import { type Lab, labOf as shardLabOf } from "../shard/lab.ts";

export type MailboxLab = {
	/** What the mailbox's storage has been billed for. */
	readonly cost: Lab;
	/** What shards were told, in order. */
	readonly reports: { readonly shard: number; readonly report: MessageReport }[];
	/** Runs before a shard answers; may fail, or never end. */
	onReport: (shard: number) => void | Promise<void>;
	/** What the mailbox does after it has answered. */
	readonly background: Set<Promise<unknown>>;
	/** The figures that were pushed. */
	readonly pushes: MetricsPush[];
};

const labs = new Map<string, MailboxLab>();

export function labOf(tenant: string): MailboxLab {
	const lab = labs.get(tenant) ?? {
		cost: shardLabOf(`mailbox of ${tenant}`),
		reports: [],
		onReport: () => {},
		background: new Set<Promise<unknown>>(),
		pushes: [],
	};
	labs.set(tenant, lab);
	return lab;
}
