/**
 * A network as a firm's machines meet it: its name is known to the forward proxy alone, which wants
 * credentials, and its certificate comes from an authority that nobody else knows. So whatever gets
 * through has gone through the proxy and has checked the certificate.
 */

import { execFileSync } from "node:child_process";
import dns from "node:dns";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { createProxy } from "proxy";
import { listen } from "../../helpers/loopback.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";

/** Reserved by RFC 6761: no resolver knows it. */
const NAME = "minoots.test";
const CREDENTIALS = "build machine:p@ss/word";

export type GuardedNetwork = AsyncDisposable & {
	readonly network: NetworkProcess;
	/** All that a program needs to get through. */
	readonly env: Readonly<Record<string, string>>;
	/** The authority's certificate, a file. */
	readonly authority: string;
	/** Tunnels that were asked of the proxy. */
	readonly tunnels: readonly string[];
	/** Connections on which something was said to the network. */
	readonly arrivals: () => number;
};

export async function startGuardedNetwork(): Promise<GuardedNetwork> {
	const folder = mkdtempSync(join(tmpdir(), "minoots-guarded-"));
	const { authority, key, cert } = makeCertificates(folder);
	const network = await startNetwork();
	let arrivals = 0;
	const door = tls.createServer({ key, cert }, (socket) => {
		// A client that refuses the certificate has finished the handshake, but says nothing.
		socket.once("data", () => arrivals++);
		const inside = net.connect(network.port, "127.0.0.1");
		socket.pipe(inside).pipe(socket);
		for (const one of [socket, inside]) one.on("error", () => [socket, inside].map(close));
	});
	const tunnels: string[] = [];
	const proxy = createProxy(http.createServer());
	proxy.authenticate = ({ headers }) =>
		headers["proxy-authorization"] === `Basic ${Buffer.from(CREDENTIALS).toString("base64")}`;
	proxy.on("connect", ({ url = "" }) => tunnels.push(url));
	const restore = knowName();
	const [doorPort, proxyPort] = await Promise.all([door, proxy].map(listen));
	const userinfo = CREDENTIALS.split(":").map(encodeURIComponent).join(":");
	return {
		network,
		authority,
		tunnels,
		arrivals: () => arrivals,
		env: {
			MINOOTS_URL: `https://${NAME}:${doorPort}`,
			MINOOTS_API_KEY: network.dev.apiKey,
			HTTPS_PROXY: `http://${userinfo}@127.0.0.1:${proxyPort}`,
			CURL_CA_BUNDLE: authority,
			NODE_EXTRA_CA_CERTS: authority,
		},
		async [Symbol.asyncDispose]() {
			restore();
			proxy.closeAllConnections();
			proxy.close();
			door.close();
			await network.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

function close(socket: net.Socket): void {
	socket.destroy();
}

/** An authority, and a certificate of the name that it has signed. */
function makeCertificates(folder: string) {
	const at = (name: string) => join(folder, name);
	const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
	const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
	writeFileSync(at("names"), `subjectAltName=DNS:${NAME}\nbasicConstraints=critical,CA:FALSE\n`);
	const authority = at("authority.pem");
	openssl(
		"req",
		"-x509",
		...newKey,
		"-keyout",
		at("authority.key"),
		"-out",
		authority,
		"-days",
		"2",
		"-subj",
		"/CN=Authority of a test",
	);
	openssl(
		"req",
		...newKey,
		"-keyout",
		at("door.key"),
		"-out",
		at("door.csr"),
		"-subj",
		`/CN=${NAME}`,
	);
	openssl(
		"x509",
		"-req",
		"-in",
		at("door.csr"),
		"-CA",
		authority,
		"-CAkey",
		at("authority.key"),
		"-CAcreateserial",
		"-days",
		"2",
		"-extfile",
		at("names"),
		"-out",
		at("door.pem"),
	);
	return { authority, key: readFileSync(at("door.key")), cert: readFileSync(at("door.pem")) };
}

/** Lets this process, which is the proxy's, find the name; answers how to forget it. */
function knowName(): () => void {
	const { lookup } = dns;
	const known: typeof dns.lookup = Object.assign(
		(hostname: string, ...rest: never[]) =>
			Reflect.apply(lookup, dns, [hostname === NAME ? "127.0.0.1" : hostname, ...rest]),
		lookup,
	);
	dns.lookup = known;
	return () => {
		dns.lookup = lookup;
	};
}
