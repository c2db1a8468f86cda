/**
 * The local runtime's process: reads the command line, starts the network, prints what a person
 * needs, and ends with it. `npm start` runs it through `scripts/start.mjs`, a container directly.
 */
import { describeStart } from "./announcement.ts";
import { createLogRelay } from "./log-relay.ts";
import { startNetwork } from "./network.ts";
import { parseOptions, USAGE } from "./options.ts";
import type { Refusal } from "./refusal.ts";
import { releaseStartMemory } from "./release-start-memory.ts";

/** Whoever reads our output may leave before us; that is no reason to stop a network. */
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

async function main(): Promise<number> {
	const options = parseOptions(process.argv.slice(2));
	if (!options.ok) return refuse(options.error);
	if (options.value === "help") {
		process.stdout.write(USAGE);
		return 0;
	}
	// Until the network runs, leaving at once is clean: nothing was promised to anybody yet.
	let stop = (): void => process.exit(0);
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop());
	process.on("disconnect", () => stop());

	const started = await startNetwork(options.value, createLogRelay(process.stderr));
	if (!started.ok) return refuse(started.error);
	const network = started.value;

	const asked = Promise.withResolvers<"asked">();
	stop = () => asked.resolve("asked");
	if (network.wake.failed > 0) {
		const line = `${network.wake.failed} shards did not wake: their timers wait for a later start`;
		process.stderr.write(`${line}\n`);
	}
	process.stdout.write(describeStart(network));
	releaseStartMemory();
	const reason = await Promise.race([asked.promise, network.ended]);
	await network.stop();
	// Ctrl-C goes to every process of the terminal and may reach workerd before us.
	if (reason === "asked" || reason === "SIGINT" || reason === "SIGHUP") return 0;
	const line = `workerd ended unexpectedly (${reason}). Nothing acknowledged is lost: start again`;
	return refuse({ line, exitCode: 1 });
}

function refuse({ line, exitCode }: Refusal): number {
	process.stderr.write(`${line}\n`);
	return exitCode;
}

process.exit(await main());
