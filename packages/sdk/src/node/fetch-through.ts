/**
 * One request through a forward proxy: `https` in a tunnel (CONNECT, RFC 9110 9.3.6), `http` by the
 * whole URL. On `node:http` from Node 18 on, where `fetch` knows no proxies. Redirects are answers.
 */
import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { Readable } from "node:stream";
import tls from "node:tls";

/** Statuses whose answers have no body. */
const NO_BODY = [204, 205, 304];

/** By proxy: connections are kept and used again. */
const tunnels = new Map<string, TunnelAgent>();
const plain = new http.Agent({ keepAlive: true });
const overTls = new https.Agent({ keepAlive: true });

export async function fetchThrough(proxy: URL, request: Request): Promise<Response> {
	const url = new URL(request.url);
	const headers = Object.fromEntries(request.headers);
	const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
	const { method, signal } = request;
	const outgoing =
		url.protocol === "https:"
			? https.request(url, { method, headers, signal, agent: tunnelOf(proxy) })
			: requestPlainly(proxy, url, { method, headers, signal });
	return new Promise((resolve, reject) => {
		outgoing.once("response", (incoming) => resolve(toResponse(incoming)));
		outgoing.once("error", (cause) => {
			reject(signal.aborted ? signal.reason : new TypeError("fetch failed", { cause }));
		});
		outgoing.end(body);
	});
}

/** To the proxy itself, with the URL in the request line. */
function requestPlainly(proxy: URL, url: URL, options: https.RequestOptions): http.ClientRequest {
	const headers = { ...options.headers, host: url.host, ...authorization(proxy) };
	const { request } = proxy.protocol === "https:" ? https : http;
	const agent = proxy.protocol === "https:" ? overTls : plain;
	return request({ ...addressOf(proxy), ...options, headers, path: url.href, agent });
}

function tunnelOf(proxy: URL): TunnelAgent {
	const agent = tunnels.get(proxy.href) ?? new TunnelAgent(proxy);
	tunnels.set(proxy.href, agent);
	return agent;
}

type Connected = (error: Error | null, stream: Duplex) => void;
/** Node looks at no stream beside an error, though its type wants one. */
const NO_STREAM = undefined as never;

class TunnelAgent extends https.Agent {
	readonly #proxy: URL;

	constructor(proxy: URL) {
		super({ keepAlive: true });
		this.#proxy = proxy;
	}

	override createConnection(options: https.RequestOptions, connected?: Connected): undefined {
		const proxy = this.#proxy;
		const target = `${options.host}:${options.port}`;
		const { request } = proxy.protocol === "https:" ? https : http;
		const headers = { host: target, ...authorization(proxy) };
		const call = { ...addressOf(proxy), method: "CONNECT", path: target, headers, agent: false };
		const connect = request({ ...call, signal: options.signal });
		connect.once("error", (error) => connected?.(error, NO_STREAM));
		connect.once("connect", (answer, socket) => {
			if (answer.statusCode === 200) return connected?.(null, secure(socket, options));
			socket.destroy();
			const what = `the proxy ${proxy.origin} answers ${answer.statusCode} to CONNECT ${target}`;
			connected?.(new Error(what), NO_STREAM);
		});
		connect.end();
	}
}

/** TLS with the target, inside the tunnel. */
function secure(socket: Duplex, { host, servername }: https.RequestOptions): tls.TLSSocket {
	const name = servername || (host ?? "");
	return tls.connect({ socket, servername: /^[\d.:]+$/.test(name) ? "" : name, host: name });
}

function addressOf({ protocol, hostname, port }: URL) {
	const host = hostname.replace(/^\[|\]$/g, "");
	return { host, port: port || (protocol === "https:" ? 443 : 80) };
}

function authorization({ username, password }: URL): { "proxy-authorization"?: string } {
	if (username === "") return {};
	const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

function toResponse(incoming: http.IncomingMessage): Response {
	const { statusCode: status = 502, statusMessage: statusText = "" } = incoming;
	const headers = new Headers();
	for (const [name, values] of Object.entries(incoming.headersDistinct)) {
		for (const value of values ?? []) headers.append(name, value);
	}
	const body = NO_BODY.includes(status) ? null : Readable.toWeb(incoming);
	if (body === null) incoming.resume();
	return new Response(body, { status, statusText, headers });
}
