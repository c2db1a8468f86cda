/**
 * Looks at ports before workerd takes them, for two reasons: a port in use must be one clear line,
 * and the Worker has to know the runtime's own ports (it never delivers to them) before it starts.
 */
import { once } from "node:events";
import { createServer } from "node:net";
import { err, ok, type Result } from "../src/core/result.ts";
import { isErrno } from "./files.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** The port itself when it can be listened on, or a free one when 0 is asked for. */
export async function ensureFreePort(host: string, port: number): Promise<Result<number, Refusal>> {
	const server = createServer();
	try {
		server.listen({ host, port, exclusive: true });
		await once(server, "listening");
		const address = server.address();
		if (address === null || typeof address === "string") throw new Error("not a TCP address");
		server.close();
		await once(server, "close");
		return ok(address.port);
	} catch (error) {
		if (!isErrno(error)) throw error;
		return err(refusal(describe(error, host, port)));
	}
}

function describe(error: NodeJS.ErrnoException, host: string, port: number): string {
	switch (error.code) {
		case "EADDRINUSE":
			return `Port ${port} on ${host} is already in use: choose another with --port`;
		case "EACCES":
			return `This user may not listen on port ${port}: choose another with --port`;
		default:
			return `Cannot listen on ${host}, port ${port}: ${error.message}`;
	}
}
