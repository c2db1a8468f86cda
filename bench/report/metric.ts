/** One measured figure: its repetitions, and what it is to reach. Phases make them, the report reads. */

export type Target = {
	/** As the table prints it. */
	readonly text: string;
	readonly met: (value: number) => boolean;
};

export type Metric = {
	/** What is measured, e.g. "single creates". */
	readonly name: string;
	/** "full, 1 shard" unless said otherwise. */
	readonly variant?: string;
	readonly unit: string;
	/** One value a repetition. */
	readonly values: readonly number[];
	/** What stands for the repetitions; for what may never happen the worst one. Default median. */
	readonly take?: "median" | "max" | "min";
	readonly target?: Target;
	/** The best peers' figure, from measurements on a machine of the same kind. */
	readonly peers?: string;
};

export function atLeast(bound: number, unit = ""): Target {
	return { text: `≥ ${bound.toLocaleString("en")}${unit}`, met: (value) => value >= bound };
}

export function atMost(bound: number, unit = ""): Target {
	return { text: `≤ ${bound.toLocaleString("en")}${unit}`, met: (value) => value <= bound };
}

export const NONE: Target = { text: "0", met: (value) => value === 0 };
