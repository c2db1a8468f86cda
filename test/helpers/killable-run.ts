/** A network with a receiver and a client, for tests that kill it and start it again. */
import { onTestFinished } from "vitest";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { type NetworkProcess, startNetwork } from "./network-process.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

export type Run = { network: NetworkProcess; receiver: Receiver; client: ApiClient };

/** Starts both; they end with the test that asked for them. */
export async function begin(args: readonly string[] = []): Promise<Run> {
	const receiver = await startReceiver();
	onTestFinished(() => receiver.close());
	const network = await startNetwork({ args });
	const run = { network, receiver, client: clientOf(network) };
	onTestFinished(async () => void (await run.network.stop()));
	return run;
}

/** Starts the network again after a kill. */
export async function restart(run: Run): Promise<void> {
	run.network = await run.network.restart();
	run.client = clientOf(run.network);
}

function clientOf({ url, dev }: NetworkProcess): ApiClient {
	return createApiClient(url, dev.apiKey);
}
