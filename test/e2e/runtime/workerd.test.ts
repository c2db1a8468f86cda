/** The Worker's surroundings, seen from inside a small Worker: the way out, the log, a crash. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { startWorkerd, type Workerd } from "../../../runtime/workerd.ts";
import { findFreePort } from "../../helpers/spawned-network.ts";

/** Fetches what it is asked for through OUTBOUND, and logs what it is told. */
const SCRIPT = `export default {
	async fetch(request, env) {
		const { target, log } = await request.json();
		if (log !== undefined) console.log(log);
		if (target === undefined) return Response.json({ greeting: env.GREETING });
		try {
			return Response.json({ status: (await env.OUTBOUND.fetch(target)).status });
		} catch (error) {
			return Response.json({ refused: true });
		}
	},
};`;

async function startSmall(allowLoopback: boolean) {
	const state = await mkdtemp(join(tmpdir(), "minoots-"));
	const [port, entryPort] = [await findFreePort(), await findFreePort()];
	const lines: string[] = [];
	const workerd: Workerd = await startWorkerd({
		config: { name: "small", compatibilityDate: "2026-10-20" },
		script: SCRIPT,
		vars: { GREETING: "hello" },
		allowLoopback,
		host: "127.0.0.1",
		port,
		entryPort,
		state,
		log: (line) => lines.push(line),
	});
	onTestFinished(async () => {
		await workerd.stop();
		await rm(state, { recursive: true });
	});
	const ask = async (question: { target?: string; log?: string }): Promise<unknown> => {
		const body = JSON.stringify(question);
		return (await fetch(`http://127.0.0.1:${port}`, { method: "POST", body })).json();
	};
	return { ask, lines, workerd };
}

/** A server on loopback that answers 204 to everything; its port. */
async function startTarget(): Promise<number> {
	const server = createServer((_, response) => response.writeHead(204).end());
	const port = await findFreePort();
	await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
	onTestFinished(() => void server.close());
	return port;
}

const NEVER = [
	"http://10.0.0.1/",
	"http://192.168.1.1/",
	"http://169.254.169.254/",
	"http://168.63.129.16/",
	"http://198.18.0.1/",
	"http://0.0.0.0/",
	"http://[fd00:ec2::254]/",
];

test("[RUN-14] loopback answers where it is allowed, private networks never", async ({
	expect,
}) => {
	const port = await startTarget();
	const { ask } = await startSmall(true);
	expect(await ask({ target: `http://127.0.0.1:${port}/` })).toEqual({ status: 204 });
	expect(await ask({ target: `http://localhost:${port}/` })).toEqual({ status: 204 });
	const mapped = `http://[::ffff:127.0.0.1]:${port}/`;
	for (const target of [...NEVER, mapped]) {
		expect({ target, answer: await ask({ target }) }).toEqual({
			target,
			answer: { refused: true },
		});
	}
});

test("[RUN-14] loopback is refused where it is not allowed", async ({ expect }) => {
	const port = await startTarget();
	const { ask } = await startSmall(false);
	for (const host of ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"]) {
		const target = `http://${host}:${port}/`;
		expect({ target, answer: await ask({ target }) }).toEqual({
			target,
			answer: { refused: true },
		});
	}
});

test("[RUN-16] the Worker's lines arrive as they were written", async ({ expect }) => {
	const { ask, lines } = await startSmall(true);
	const log = JSON.stringify({ kind: "request", text: 'ümlaut \n and \u0000 "quotes"' });
	expect(await ask({ log })).toEqual({ greeting: "hello" });
	await expect.poll(() => lines).toEqual([log]);
});

test("[RUN-9] workerd that was killed is not started again", async ({ expect }) => {
	const { ask, workerd } = await startSmall(true);
	process.kill(workerd.pid, "SIGKILL");
	expect(await workerd.ended).toBe("SIGKILL");
	await workerd.stop();
	await expect(ask({})).rejects.toThrow("fetch failed");
});
