/**
 * Reads what a new timer waits for: `dependsOn`, or one of its older names. That each of them exists
 * is the shards' to say; that an id is one of this tenant's, the edge knows by itself. A timer names
 * only timers that exist, and never others later, so that no cycle can come about.
 */
import type { DependencyView } from "../contract/dependency.ts";
import type { TimerCreate } from "../contract/timer.ts";
import type { Flaws, TimerRules } from "./timer-rules.ts";

/** An edge as the shards take it. `path` is where the caller wrote it. */
export type DependencyAddress = {
	readonly shard: number;
	readonly seq: number;
	readonly on: DependencyView["on"];
	readonly path: string;
};

export type Dependencies = {
	readonly views: readonly DependencyView[];
	readonly addresses: readonly DependencyAddress[];
};

const FIELDS = ["dependsOn", "depends_on", "dependencies"] as const;
const NONE: Dependencies = { views: [], addresses: [] };

type Edge = DependencyView & { readonly path: string };

export function readDependencies(
	input: Pick<TimerCreate, (typeof FIELDS)[number]>,
	rules: Pick<TimerRules, "timerAt">,
	flaws: Flaws,
): Dependencies {
	const given = FIELDS.filter((field) => input[field] !== undefined);
	if (given.length > 1) {
		const names = `${given.slice(0, -1).join(", ")} and ${given.at(-1)}`;
		for (const field of given) {
			flaws.invalid(field, `${names} are given, where one may say what the timer waits for`);
		}
		return NONE;
	}
	if (given.length === 0) return NONE;
	const edges = edgesOf(input);
	const addresses: DependencyAddress[] = [];
	const seen = new Map<string, string>();
	for (const { timer, on, path } of edges) {
		const first = seen.get(timer);
		const address = rules.timerAt?.(timer);
		if (first !== undefined) flaws.invalid(path, `${timer} stands in ${first} too`);
		else if (address === undefined) flaws.invalid(path, `${timer} is no timer of this tenant`);
		else addresses.push({ ...address, on, path });
		seen.set(timer, first ?? path);
	}
	return { views: edges.map(({ timer, on }) => ({ timer, on })), addresses };
}

function edgesOf(input: Pick<TimerCreate, (typeof FIELDS)[number]>): readonly Edge[] {
	if (input.dependsOn !== undefined) {
		return input.dependsOn.map((entry, index): Edge => {
			const path = `dependsOn.${index}`;
			if (typeof entry === "string") return { timer: entry, on: "success", path };
			return { timer: entry.timer, on: entry.on ?? "success", path: `${path}.timer` };
		});
	}
	const field = input.depends_on === undefined ? "dependencies" : "depends_on";
	return (input[field] ?? []).map((timer, index) => ({
		timer,
		on: "always",
		path: `${field}.${index}`,
	}));
}
