/** The way through a proxy: what it says when it is asked to connect to the network. */
import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { explainConnect } from "./connect-errors.ts";
import { type Finding, failed, ok } from "./hop.ts";
import { codeOf, type Place, placeOf } from "./probe-connection.ts";

/** A stream to the target through the proxy, or what the proxy said. */
export type Tunnel = { readonly finding: Finding; readonly stream?: Duplex };

/** Has the proxy connect to `target`, as every https call will. */
export function openTunnel(proxy: URL, target: Place, timeoutMs: number): Promise<Tunnel> {
	const place = placeOf(proxy);
	const path = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
	const { request } = proxy.protocol === "https:" ? https : http;
	const headers = { host: path, ...authorization(proxy) };
	return new Promise((resolve) => {
		const call = request({ ...place, method: "CONNECT", path, headers, agent: false });
		const fail = (finding: Finding) => resolve({ finding });
		call.setTimeout(timeoutMs, () => {
			fail(explainConnect("ETIMEDOUT", place, timeoutMs));
			call.destroy();
		});
		call.once("error", (error) => fail(explainConnect(codeOf(error), place, timeoutMs)));
		call.once("connect", ({ statusCode = 0 }, stream) => {
			call.setTimeout(0);
			if (statusCode === 200) {
				return resolve({ finding: ok(`${proxy.host} connects to ${path}`), stream });
			}
			stream.destroy();
			fail(explainProxy(statusCode, proxy, path));
		});
		call.end();
	});
}

/** @param path what the proxy was asked to connect to */
function explainProxy(status: number, proxy: URL, path: string): Finding {
	if (status === 407) {
		return failed(
			`the proxy ${proxy.host} wants a user and a password (407)`,
			"Write them into the variable: HTTPS_PROXY=http://user:password@host:port.",
		);
	}
	return failed(
		`the proxy ${proxy.host} does not connect to ${path} (${status})`,
		"Ask whoever runs the proxy to allow it, or name the host in NO_PROXY if it is reached directly.",
	);
}

function authorization({ username, password }: URL): { "proxy-authorization"?: string } {
	if (username === "") return {};
	const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}
