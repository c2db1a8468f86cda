/**
 * Stands where the network would, and answers what a test says: for failures that the real one does
 * not have at will. Notes what it is asked.
 */
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { close, listenAt } from "../../helpers/loopback.ts";

export type Asked = {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
};
export type FakeAnswer = { readonly status: number; readonly body: unknown };

export type FakeNetwork = AsyncDisposable & {
	readonly url: string;
	readonly asked: readonly Asked[];
};

export async function startFakeNetwork(answer: (asked: Asked) => FakeAnswer): Promise<FakeNetwork> {
	const asked: Asked[] = [];
	const server = createServer(async (request, response) => {
		const { method = "", url: path = "", headers } = request;
		const one = { method, path, headers, body: await text(request) };
		asked.push(one);
		const { status, body } = answer(one);
		const isProblem = status >= 400;
		const type = isProblem ? "application/problem+json" : "application/json";
		response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
	});
	return {
		url: await listenAt(server),
		asked,
		[Symbol.asyncDispose]: () => close(server),
	};
}

/** A timer that is yet to fire, in what the action looks at. */
export const TIMER = {
	id: "tmr_1",
	name: "n",
	status: "scheduled",
	labels: {},
	metadata: {},
	nextFireAt: "2031-01-01T00:00:00.000Z",
	lastFiring: null,
	at: null,
};

/** A refusal as the network words one. */
export function problem(status: number, code: string, detail: string): FakeAnswer {
	return { status, body: { type: "about:blank", title: code, status, detail, code } };
}
