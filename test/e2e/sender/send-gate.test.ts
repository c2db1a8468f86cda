/**
 * Turns that one request gives and another takes, in workerd as it runs for users. The plugin of the
 * workers' tests switches off what this rests on (`handle_cross_request_promise_resolution`).
 */
import path from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const REQUESTS = 200;

/**
 * One slot for all, held until everybody waits for it. As in the sender, each piece of work goes on after its call has been answered,
 * waits for its turn, does some I/O of its own, and leaves.
 */
const WORKER = `
	import { WorkerEntrypoint } from "cloudflare:workers";
	import { SendGate } from "./src/queue/send-gate.ts";

	const gate = new SendGate({ active: 1, reservedForHigh: 0, inFlight: Infinity }, null);
	const done = [];

	export class Work extends WorkerEntrypoint {
		start(key) {
			this.ctx.waitUntil(this.work(key));
		}

		async work(key) {
			const line = gate.openLine("tenant", "medium");
			const closing = setTimeout(() => line.close(), 30_000);
			const turn = await line.enter();
			clearTimeout(closing);
			await this.env.NOTES.put(key, String(gate.load().active));
			done.push(await this.env.NOTES.get(key));
			turn.leave();
		}
	}

	let held;
	export default {
		async fetch(request, env, ctx) {
			const { pathname } = new URL(request.url);
			if (pathname === "/hold") held = await gate.openLine("tenant", "medium").enter();
			else if (pathname === "/release") held.leave();
			else if (pathname !== "/look") await ctx.exports.Work.start(pathname);
			return Response.json({ waiting: gate.load().waiting, done });
		},
	};
`;

it("[GATE-9] every request takes its turn, whichever other one gives it", async () => {
	const { outputFiles } = await build({
		stdin: { contents: WORKER, resolveDir: ROOT, loader: "ts" },
		bundle: true,
		external: ["cloudflare:workers"],
		format: "esm",
		write: false,
	});
	await using worker = disposable(
		new Miniflare(
			convertV4MiniflareOptions({
				modules: true,
				script: outputFiles[0]?.text ?? "",
				compatibilityDate: "2026-10-20",
				kvNamespaces: ["NOTES"],
				unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
			}),
		),
	);
	const url = await worker.miniflare.unsafeGetDirectURL();
	const call = async (key: string) => (await fetch(new URL(key, url))).json();
	const look = () => call("/look");
	await call("/hold");
	await Promise.all(Array.from({ length: REQUESTS }, (_, index) => call(`/${index}`)));
	await expect.poll(look).toEqual({ waiting: REQUESTS, done: [] });
	await call("/release");
	await expect.poll(look).toEqual({ waiting: 0, done: Array(REQUESTS).fill("1") });
});

function disposable(miniflare: Miniflare) {
	return { miniflare, [Symbol.asyncDispose]: () => miniflare.dispose() };
}
