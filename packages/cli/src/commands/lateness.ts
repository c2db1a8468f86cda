/** `minoots lateness`: how late firings were, by the hops of their deliveries. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { run } from "../frame/run.ts";

export function configure(command: Command): void {
	command.option("--hour", "the last hour only").action(
		run(async (context, { hour }: { readonly hour?: boolean }) => {
			const { usage } = await context.minoots();
			const answer = await usage.lateness({ signal: context.signal });
			const { out } = context;
			const { since, histograms } = hour ? answer.lastHour : answer.total;
			if (out.isJson) return out.json(hour ? answer.lastHour : answer);
			if (since === null || histograms.length === 0) return out.note("Nothing has fired yet.");
			await out.table(
				["hop", "class", "count", "p50 ms", "p90 ms", "p99 ms", "max ms"],
				histograms.map((one) => [
					one.hop.replaceAll("_", " "),
					one.class,
					one.count,
					one.p50Ms,
					one.p90Ms,
					one.p99Ms,
					one.maxMs,
				]),
			);
			out.note(`Since ${out.time(since)}.`);
		}),
	);
	addExamples(
		command,
		"minoots lateness",
		"minoots lateness --hour --json | jq '.histograms[].p99Ms'",
	);
}
