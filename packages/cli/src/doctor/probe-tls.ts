/** The TLS handshake, and why a certificate is refused. */
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import { explainCertificate, type Shown } from "./certificate.ts";
import { type Finding, failed, ok, warning } from "./hop.ts";
import { codeOf, type Place } from "./probe-connection.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Shakes hands, and says why the certificate is refused if it is. */
export function probeTls(
	target: Place,
	stream: Duplex | undefined,
	timeoutMs: number,
	env: Env,
): Promise<Finding> {
	const { host, port } = target;
	return new Promise((resolve) => {
		const way = stream === undefined ? { host, port } : { socket: stream, host };
		const servername = isIP(host) === 0 ? host : "";
		// Refused ones are looked at as well: only then can it be said what is wrong with them.
		const socket = tlsConnect({ ...way, servername, rejectUnauthorized: false });
		const end = (finding: Finding) => {
			socket.destroy();
			resolve(finding);
		};
		socket.setTimeout(timeoutMs, () =>
			end(
				failed(
					`${host} does not answer the TLS handshake within ${timeoutMs} ms`,
					"Something between here and there holds it up: a firewall, or a proxy that is not set.",
				),
			),
		);
		socket.once("error", (error) => end(explainHandshake(codeOf(error), target)));
		socket.once("secureConnect", () => end(judge(socket, host, env)));
	});
}

function judge(socket: TLSSocket, host: string, env: Env): Finding {
	const shown = shownBy(socket);
	if (!socket.authorized) {
		// Its type says Error; what it holds is the code, or an error that has it.
		const reason: unknown = socket.authorizationError;
		const code = typeof reason === "string" ? reason : codeOf(reason);
		const finding = explainCertificate(code, host, shown, env["NODE_EXTRA_CA_CERTS"]);
		if (env["NODE_TLS_REJECT_UNAUTHORIZED"] !== "0") return finding;
		return warning(
			finding.detail,
			"NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody read the key: unset it.",
		);
	}
	return ok(`${socket.getProtocol()}, ${shown.subject} by ${shown.issuer}, until ${shown.validTo}`);
}

function shownBy(socket: TLSSocket): Shown {
	const { subject, issuer, valid_from, valid_to, subjectaltname } = socket.getPeerCertificate();
	return {
		subject: textOf(subject?.CN) || textOf(subjectaltname) || "the server",
		issuer: textOf(issuer?.O) || textOf(issuer?.CN) || "an unnamed authority",
		validFrom: valid_from,
		validTo: valid_to,
		names: textOf(subjectaltname).replaceAll(/(DNS|IP Address):/g, ""),
	};
}

/** A name may stand several times in a certificate. */
function textOf(value: string | string[] | undefined): string {
	return [value ?? ""].flat().join(", ");
}

function explainHandshake(code: string, { host, port }: Place): Finding {
	if (code === "ECONNRESET" || code === "EPIPE") {
		return failed(
			`${host} ends the connection during the TLS handshake (${code})`,
			"Something in between may cut it: a firewall or a proxy that inspects traffic.",
		);
	}
	if (
		code === "ERR_SSL_WRONG_VERSION_NUMBER" ||
		code === "ERR_SSL_PACKET_LENGTH_TOO_LONG" ||
		code === "EPROTO"
	) {
		return failed(
			`what answers on port ${port} does not speak TLS (${code})`,
			"Is the address http:// rather than https://, or the port another one?",
		);
	}
	return failed(
		`the TLS handshake with ${host} fails (${code})`,
		"The server and this machine's Node agree on no way to encrypt: look at both versions.",
	);
}
