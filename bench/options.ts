/** The benchmark's command line. */
import { parseArgs } from "node:util";
import { FULL, QUICK, type Scale } from "./scale.ts";

export const PHASES = [
	"creates",
	"batches",
	"storm",
	"steady",
	"drift",
	"crash",
	"footprint",
	"fairness",
	"million",
	"wide",
	"mailbox",
	"streams",
	"observers",
	"recurring",
	"recurrence",
	"cost",
] as const;
export type PhaseName = (typeof PHASES)[number];

export const USAGE = `Usage: npm run bench -- [options]

  --only a,b    only these phases: ${PHASES.join(", ")}
  --reps N      repetitions of each phase (default ${FULL.reps})
  --quick       small sizes, to see that everything works; targets are not judged
  --out DIR     writes results.jsonl and results.md there (default: bench/results, if the run
                is a whole one of full size)
  --help        this text
`;

export type Options = {
	readonly phases: readonly PhaseName[];
	readonly scale: Scale;
	/** Undefined when nothing is to be written. */
	readonly out: string | undefined;
};

/** Throws with one clear sentence for what cannot be meant. */
export function parseOptions(argv: readonly string[], defaultOut: string): Options | "help" {
	const { values } = parseArgs({
		args: [...argv],
		options: {
			only: { type: "string" },
			reps: { type: "string" },
			quick: { type: "boolean", default: false },
			out: { type: "string" },
			help: { type: "boolean", default: false, short: "h" },
		},
	});
	if (values.help) return "help";
	const phases = values.only === undefined ? PHASES : values.only.split(",").map(toPhase);
	const base = values.quick ? QUICK : FULL;
	const reps = values.reps === undefined ? base.reps : Number(values.reps);
	if (!Number.isInteger(reps) || reps < 1)
		throw new Error("--reps must be a whole number from 1 on");
	const whole = values.only === undefined && !values.quick && reps >= FULL.reps;
	return { phases, scale: { ...base, reps }, out: values.out ?? (whole ? defaultOut : undefined) };
}

function toPhase(name: string): PhaseName {
	const phase = PHASES.find((known) => known === name);
	if (phase === undefined) throw new Error(`No phase "${name}": there are ${PHASES.join(", ")}`);
	return phase;
}
