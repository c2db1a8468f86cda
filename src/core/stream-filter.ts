/** Which events a reader of a stream wants: by type, and by the timer they are about. */
import type { Address } from "./public-id.ts";

export type StreamFilter = {
	/** Types, and prefixes that end with a dot; empty for all. */
	readonly topics: readonly string[];
	readonly timer: Address | null;
};

/** The topics of a query that its schema has let through: `timer.fired`, `timer.`, `timer.*`, `*`. */
export function parseTopics(text: string): readonly string[] {
	const topics = text.split(",").map((topic) => topic.replace(/\*$/, ""));
	return topics.includes("") ? [] : topics;
}

export function matches(
	{ topics, timer }: StreamFilter,
	event: { readonly type: string; readonly shard: number; readonly timer: number },
): boolean {
	if (timer !== null && (timer.seq !== event.timer || timer.shard !== event.shard)) return false;
	return (
		topics.length === 0 ||
		topics.some((topic) =>
			topic.endsWith(".") ? event.type.startsWith(topic) : event.type === topic,
		)
	);
}
