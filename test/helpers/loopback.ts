/** Servers of tests and benchmarks on loopback. */
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

/** Listens on a free port, or on `port`, and resolves with the one it is. */
export async function listen(server: Server, port = 0): Promise<number> {
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	return (server.address() as AddressInfo).port; // listening on TCP
}

/** The same, and resolves with the origin. */
export async function listenAt(server: Server, port = 0): Promise<string> {
	return `http://127.0.0.1:${await listen(server, port)}`;
}

/** Ends it, and every connection of an HTTP server with it. */
export function close(server: Server & { closeAllConnections?: () => void }): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections?.();
	});
}
