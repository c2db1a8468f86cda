/** The stand-in for Slack as an HTTP server on loopback, for networks that run as processes. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createFakeSlack, type FakeSlack } from "./fake-slack.ts";
import { close, listenAt } from "./loopback.ts";

export async function startFakeSlack(): Promise<FakeSlack & AsyncDisposable> {
	let slack: FakeSlack | undefined;
	async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const pieces: Buffer[] = [];
		for await (const piece of incoming) pieces.push(piece);
		const text = Buffer.concat(pieces).toString("utf8");
		const reply = await slack?.handle(incoming.url ?? "/", incoming.headers.authorization, text);
		outgoing.writeHead(reply?.status ?? 200, {
			"content-type": "application/json; charset=utf-8",
			...reply?.headers,
		});
		outgoing.end(JSON.stringify(reply?.body));
	}

	const server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
	slack = createFakeSlack(await listenAt(server));
	return {
		...slack,
		[Symbol.asyncDispose]: () => close(server),
	};
}
