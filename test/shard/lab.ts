/** What a test sees and sets of one shard object, by the object's name. Outlives its restarts. */
import type { MetricsPush } from "../../durable-objects/metrics/rpc.ts";
import type { Envelope } from "../../src/contract/envelope.ts";

export type Road = "direct" | "queue";

export type Lab = {
	/** What its storage has been billed for. */
	rowsRead: number;
	rowsWritten: number;
	alarms: number;
	transactions: number;
	/** Everything handed to senders, in order. */
	readonly sent: { readonly road: Road; readonly envelope: Envelope }[];
	/** What it told the `metrics` objects. */
	readonly pushes: MetricsPush[];
	refusesPush: boolean;
	/** The batches that went to a queue. */
	readonly batches: (readonly Envelope[])[];
	/** What the object does after it has answered. */
	readonly background: Set<Promise<unknown>>;
	/** The runtime's epoch at the next construction. */
	bootId: string;
	runtime: "edge" | "local";
	/** Whether its tenant's time can be moved, from the next construction on. */
	devClock: "on" | "off";
	/** Questions to the registry about quota. */
	asks: number;
	/** Pokes of the event hub, and whether it answers that somebody reads. */
	pokes: number;
	isRead: boolean;
	refuses: (road: Road) => boolean;
	/** Throws to make a statement fail. */
	fault: (query: string, values: readonly unknown[]) => void;
	/** Runs before the registry's grant is answered. */
	beforeGrant: (granted: number) => void | Promise<void>;
};

const labs = new Map<string, Lab>();

export function labOf(name: string): Lab {
	const lab = labs.get(name) ?? {
		rowsRead: 0,
		rowsWritten: 0,
		alarms: 0,
		transactions: 0,
		sent: [],
		pushes: [],
		refusesPush: false,
		batches: [],
		background: new Set<Promise<unknown>>(),
		bootId: "boot-1",
		runtime: "edge" as const,
		devClock: "off" as const,
		asks: 0,
		pokes: 0,
		isRead: true,
		refuses: () => false,
		fault: () => {},
		beforeGrant: () => {},
	};
	labs.set(name, lab);
	return lab;
}
