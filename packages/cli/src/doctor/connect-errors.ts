/** Why no connection comes about, in words, and what helps: by the system's codes. Pure. */
import { type Finding, failed } from "./hop.ts";

export function explainConnect(
	code: string,
	{ host, port }: { readonly host: string; readonly port: number },
	timeoutMs: number,
): Finding {
	const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
	switch (code) {
		case "ECONNREFUSED":
			return failed(
				`nothing listens on ${place} (${code})`,
				"Start the network (`npm start`), or check the port of the address.",
			);
		case "ETIMEDOUT":
			return failed(
				`${place} does not answer within ${timeoutMs} ms (${code})`,
				"A firewall may drop it: is there a VPN to join, or a proxy to name in HTTPS_PROXY?",
			);
		case "EHOSTUNREACH":
		case "ENETUNREACH":
			return failed(
				`there is no way to ${place} from here (${code})`,
				"Check this machine's network connection, and the VPN if the network is a private one.",
			);
		case "ECONNRESET":
			return failed(
				`${place} ends the connection at once (${code})`,
				"Something in between may cut it: a firewall, or a proxy that is not set.",
			);
		case "ENOTFOUND":
			return failed(`no address is known for ${host} (${code})`, "Check the spelling.");
		default:
			return failed(
				`no connection to ${place} comes about (${code})`,
				"Check the address, and whether other programs reach it: `curl -v` shows how far they come.",
			);
	}
}
