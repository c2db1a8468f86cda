/** The first steps of the way: the name resolved, a TCP connection opened. */
import { lookup } from "node:dns/promises";
import { isIP, connect as tcpConnect } from "node:net";
import { explainConnect } from "./connect-errors.ts";
import { type Finding, failed, ok, skipped } from "./hop.ts";

/** Where a TCP connection goes: to the network, or to the proxy before it. */
export type Place = { readonly host: string; readonly port: number };

export function placeOf({ hostname, port, protocol }: URL): Place {
	const host = hostname.replace(/^\[|\]$/g, "");
	return { host, port: Number(port || (protocol === "https:" ? 443 : 80)) };
}

/** Resolves the name of a place. */
export async function probeName({ host }: Place): Promise<Finding> {
	if (isIP(host) !== 0) return skipped(`${host} is an address`);
	try {
		const found = await lookup(host, { all: true });
		return ok(`${host} is ${found.map(({ address }) => address).join(", ")}`);
	} catch (error) {
		const code = codeOf(error);
		if (code === "ENOTFOUND") {
			return failed(
				`no address is known for ${host} (${code})`,
				"Check the spelling of the address, and the VPN if the name is a private one.",
			);
		}
		return failed(
			`the name server does not answer for ${host} (${code})`,
			"Check this machine's network connection and its name server (/etc/resolv.conf).",
		);
	}
}

/** Opens a TCP connection, and closes it. */
export function probeTcp(place: Place, timeoutMs: number): Promise<Finding> {
	const { host, port } = place;
	return new Promise((resolve) => {
		const socket = tcpConnect({ host, port });
		const end = (finding: Finding) => {
			socket.destroy();
			resolve(finding);
		};
		socket.setTimeout(timeoutMs, () => end(explainConnect("ETIMEDOUT", place, timeoutMs)));
		socket.once("error", (error) => end(explainConnect(codeOf(error), place, timeoutMs)));
		socket.once("connect", () => end(ok(`${socket.remoteAddress} accepts on port ${port}`)));
	});
}

export function codeOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { code } = error as NodeJS.ErrnoException;
	// Of several addresses that were tried, the first failure speaks for all.
	if (code === undefined && error instanceof AggregateError) return codeOf(error.errors[0]);
	return code ?? error.message;
}
