/** The module as its users call it: settings, answers and errors. */
import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
	access,
	listen,
	MODULE,
	network,
	printed,
	project,
	startBefore,
	thrown,
} from "./on-network.ts";
import { ROOT } from "./project.ts";

startBefore();

const JSON_TYPE = { "content-type": "application/json" };

it("[SHIM-1] require and import get one and the same module", async () => {
	const code = `import MINOOTS, { create, MinootsError } from "@minoots/timer-system";
		import { createRequire } from "node:module";
		const required = createRequire(import.meta.url)("@minoots/timer-system");
		console.log(required.create === create, MINOOTS.create === create, typeof MinootsError);
		console.log(Object.keys(required).sort().join(" "));
		console.log(create({ name: "imported", duration: "1h" }).id.slice(0, 4));`;
	expect((await printed(code, access, "mjs")).split("\n")).toEqual([
		"true true function",
		"IndependentTimer MinootsError cancel cleanup configure create get list logs share",
		"tmr_",
	]);
});

it("[SHIM-2] a timer has the founding module's members", async () => {
	const code = `${MODULE}
		const timer = MINOOTS.create({ name: "shape", duration: "30s", agent_id: "claude_1", team: "ops",
			scenario: "demo", metadata: { task: 7 },
			events: { on_expire: { webhook: "https://api.example.com/x", message: "done" } } });
		const got = MINOOTS.get(timer.id);
		console.log(JSON.stringify([timer, { ...got, timeRemaining: 0, progress: 0 }]));`;
	const [timer, got] = JSON.parse(await printed(code));
	expect(timer).toEqual({
		id: expect.stringMatching(/^tmr_/),
		name: "shape",
		status: "running",
		agent_id: "claude_1",
		agentId: "claude_1",
		team: "ops",
		scenario: "demo",
		duration: 30_000,
		startTime: expect.closeTo(Date.now(), -4),
		endTime: timer.startTime + 30_000,
		createdAt: expect.stringMatching(/Z$/),
		timeRemaining: expect.closeTo(30_000, -3),
		progress: expect.closeTo(0, 1),
		events: { on_expire: { webhook: "https://api.example.com/x", message: "done" } },
		metadata: { task: 7 },
	});
	expect(got).toEqual({ ...timer, timeRemaining: 0, progress: 0 });
});

it("[SHIM-2] what is not there is null, false or a sentence, as it was", async () => {
	const code = `${MODULE}
		const id = "timer_1752354943447_3xmsiuptv";
		console.log(MINOOTS.get(id), MINOOTS.cancel(id), MINOOTS.logs(id));
		const done = MINOOTS.create({ duration: 50 });
		while (MINOOTS.get(done.id).status === "running");
		console.log(done.name === done.id, MINOOTS.cancel(done.id), done.agent_id);`;
	expect((await printed(code)).split("\n")).toEqual([
		"null false No logs found",
		"true false unknown_agent",
	]);
});

it("[SHIM-2] a list can be narrowed, and runs over all pages", async () => {
	const timers = Array.from({ length: 1_100 }, (_, n) => ({
		name: `many ${n}`,
		in: "1h",
		team: "many",
	}));
	const answer = await fetch(`${network.url}/v1/timers/batch`, {
		method: "POST",
		headers: { authorization: `Bearer ${network.dev.apiKey}` },
		body: JSON.stringify({ timers }),
	});
	expect(answer.status).toBeLessThan(300);
	const code = `${MODULE}
		const many = MINOOTS.list({ team: "many", status: "running" });
		console.log(many.length, new Set(many.map(({ id }) => id)).size);
		console.log(MINOOTS.list({ team: "many", status: "cancelled" }).length);
		console.log(MINOOTS.list({ name: "many 7" }).map(({ name, team }) => name + team));`;
	expect((await printed(code)).split("\n")).toEqual(["1100 1100", "0", "[ 'many 7many' ]"]);
});

it("[SHIM-3] configure goes before the environment, and that before a network of this folder", async () => {
	const folder = join(project.folder, ".minoots");
	await mkdir(folder);
	await writeFile(join(folder, "dev.json"), JSON.stringify(network.dev));
	const create = "console.log(MINOOTS.create({ duration: '1h' }).status)";
	expect(await printed(`${MODULE}process.chdir("node_modules"); ${create}`, {})).toBe("running");
	const founding = { MINOOTS_API_BASE: `${network.url}/v1/`, MINOOTS_API_KEY: network.dev.apiKey };
	expect(await printed(MODULE + create, founding)).toBe("running");
	const configured = `MINOOTS.configure(${JSON.stringify({ url: network.url, apiKey: network.dev.apiKey })});`;
	const nowhere = { MINOOTS_URL: "http://127.0.0.1:9", MINOOTS_API_KEY: "mnt_x_y" };
	expect(await printed(MODULE + configured + create, nowhere)).toBe("running");
	// The key of the local network is not sent elsewhere.
	const { error } = await thrown("MINOOTS.list()", { MINOOTS_URL: "http://127.0.0.1:9" });
	expect(error).toMatchObject({
		code: "not_configured",
		message: expect.stringContaining("MINOOTS_API_KEY"),
	});
	const stray = await thrown('process.chdir("/"); MINOOTS.list()', {});
	expect(stray.error).toMatchObject({
		code: "not_configured",
		message: expect.stringContaining("MINOOTS_URL"),
	});
});

it("[SHIM-3] a setting that is none is refused by name", async () => {
	for (const [setting, expected] of [
		["{ timeout: 1 }", "there is no setting timeout"],
		['{ timeoutMs: "1s" }', 'timeoutMs: expected milliseconds from 1 to 86400000, got "1s"'],
		["{ apiKey: 7 }", "apiKey: expected a text, got 7"],
		[
			'{ url: "minoots.example", apiKey: "k" }); MINOOTS.list(',
			'expected one, got "minoots.example"',
		],
	]) {
		const { error } = await thrown(`MINOOTS.configure(${setting})`, {});
		expect(error).toMatchObject({
			code: "not_configured",
			message: expect.stringContaining(expected ?? ""),
		});
	}
});

it("[SHIM-4] a network that does not answer is an error once the time is up", async () => {
	const silent = await listen(createServer(() => undefined));
	const { error, tookMs } = await thrown("MINOOTS.configure({ timeoutMs: 300 }); MINOOTS.list()", {
		MINOOTS_URL: silent,
		MINOOTS_API_KEY: "mnt_x_y",
	});
	expect(error).toMatchObject({ name: "MinootsError", code: "timeout", status: 0 });
	expect(error.message).toContain("300 ms");
	expect(tookMs).toBeLessThan(5_000);
});

it("[SHIM-4] even a worker that never says a word is waited for only so long", async () => {
	const mute = `const threads = require("node:worker_threads");
		threads.Worker = class extends threads.Worker {
			constructor(source, options) { super("setInterval(() => {}, 1000)", options); }
		};
		`;
	const code = `${mute}${MODULE}MINOOTS.configure({ timeoutMs: 200 });
		try { MINOOTS.list(); } catch (error) { console.log(error.code); }`;
	expect(await printed(code)).toBe("timeout");
});

it("[SHIM-4] a network that is not there is an error that says so", async () => {
	const { error } = await thrown("MINOOTS.create({ duration: '1s' })", {
		MINOOTS_URL: "http://127.0.0.1:9",
		MINOOTS_API_KEY: "mnt_x_y",
	});
	expect(error).toMatchObject({ name: "MinootsError", code: "connection_failed" });
	expect(error).toHaveProperty("idempotencyKey", expect.stringMatching(/^[\w-]{36}$/));
});

it("[SHIM-4] an answer that is not the network's is an error that shows it", async () => {
	const portal = await listen(createServer((_, response) => response.end("<html>Please log in")));
	const { error } = await thrown("MINOOTS.create({ duration: '1s' })", {
		MINOOTS_URL: portal,
		MINOOTS_API_KEY: "mnt_x_y",
	});
	expect(error).toMatchObject({
		code: "unexpected_answer",
		message: expect.stringContaining("Please log in"),
	});
});

it("[SHIM-4] a refusal names the field, what came and what was expected", async () => {
	const { error } = await thrown(
		"MINOOTS.create({ duration: '1s', events: { on_expire: { webhok: 'https://x.example' } } })",
		access,
	);
	expect(error).toMatchObject({
		code: "validation_failed",
		status: 422,
		requestId: expect.stringMatching(/^req_/),
		errors: [{ path: "events.on_expire.webhok" }],
	});
});

it("[SHIM-4] what no timer, status or setting can be is an error with a code, and nothing is sent", async () => {
	const code = `${MODULE}
		const circle = {};
		circle.self = circle;
		const tries = [
			() => MINOOTS.create({ duration: NaN }),
			() => MINOOTS.create({ duration: "1h", metadata: circle }),
			() => MINOOTS.create({ duration: "1h", metadata: { big: 1n } }),
			() => MINOOTS.get(".."),
			() => MINOOTS.list({ status: "done" }),
			() => MINOOTS.configure(),
			() => (MINOOTS.configure({ apiKey: "mnt_a\\nmnt_b" }), MINOOTS.list()),
		];
		for (const attempt of tries) {
			try { attempt(); console.log("no error"); } catch ({ code, message }) { console.log(code, message); }
		}`;
	const lines = (await printed(code, { MINOOTS_URL: "http://127.0.0.1:9" })).split("\n");
	const codes = lines.map((line) => line.split(" ")[0]).filter((word) => word?.includes("_"));
	expect(codes).toEqual([
		...Array(5).fill("validation_failed"),
		"not_configured",
		"not_configured",
	]);
	expect(lines.join()).toContain("running, pending");
	expect(lines.join()).not.toContain("mnt_a");
});

it("[SHIM-2] metadata is kept as JSON has it, as it was in the founding files", async () => {
	const code = `${MODULE}
		const metadata = { at: new Date(0), run() {}, gone: undefined, n: [NaN] };
		console.log(JSON.stringify(MINOOTS.create({ duration: "1h", metadata }).metadata));
		console.log(MINOOTS.list(null).length > 0);`;
	expect((await printed(code)).split("\n")).toEqual([
		'{"at":"1970-01-01T00:00:00.000Z","n":[null]}',
		"true",
	]);
});

it("[SHIM-7] a create whose answer was lost is repeated and makes one timer", async () => {
	let lost = 0;
	const keys = new Set<unknown>();
	const front = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		keys.add(request.headers["idempotency-key"]);
		const answer = await fetch(`${network.url}${request.url}`, {
			method: "POST",
			headers: {
				authorization: `${request.headers.authorization}`,
				"idempotency-key": `${request.headers["idempotency-key"]}`,
			},
			body: Buffer.concat(chunks),
		});
		const text = await answer.text();
		if (lost++ < 2) request.socket.destroy();
		else response.writeHead(answer.status, JSON_TYPE).end(text);
	});
	const url = await listen(front);
	const code = `${MODULE}
		const { id } = MINOOTS.create({ name: "once only", duration: "1h" });
		MINOOTS.configure({ url: ${JSON.stringify(network.url)} });
		console.log(MINOOTS.list({ name: "once only" }).map((timer) => timer.id === id));`;
	expect(await printed(code, { ...access, MINOOTS_URL: url })).toBe("[ true ]");
	expect([lost, keys.size]).toEqual([3, 1]);
});

it("[SHIM-7] a failed create can be repeated with the key of its error", async () => {
	const code = `${MODULE}
		const config = { name: "repeated", duration: "1h" };
		MINOOTS.configure({ url: "http://127.0.0.1:9" });
		try { MINOOTS.create(config); } catch ({ idempotencyKey }) {
			MINOOTS.configure({ url: ${JSON.stringify(network.url)} });
			const ids = [1, 2].map(() => MINOOTS.create(config, { idempotencyKey }).id);
			console.log(ids[0] === ids[1]);
		}`;
	expect(await printed(code)).toBe("true");
});

it("[SHIM-9] share says that it is not supported, and what is", async () => {
	const { error } = await thrown('MINOOTS.share("tmr_x", { team: "devops" })', access);
	expect(error).toMatchObject({
		code: "unsupported",
		message: expect.stringContaining("POST /v1/keys"),
	});
});

it("[SHIM-13] a clean-up of thousands is a job that is over when the call returns", async () => {
	const timers = Array.from({ length: 5_100 }, () => ({
		in: 1,
		team: "thousands",
		fidelity: "fast",
	}));
	const answer = await fetch(`${network.url}/v1/timers/batch`, {
		method: "POST",
		headers: { authorization: `Bearer ${network.dev.apiKey}` },
		body: JSON.stringify({ timers }),
	});
	expect(answer.status).toBe(200);
	const code = `${MODULE}
		MINOOTS.configure({ timeoutMs: 30_000 });
		while (MINOOTS.list({ team: "thousands", status: "running" }).length > 0);
		console.log(MINOOTS.cleanup({ olderThan: "1h" }), MINOOTS.cleanup({ dryRun: true }) >= 5100);
		console.log(MINOOTS.cleanup() >= 5100, MINOOTS.list({ team: "thousands" }).length);`;
	expect((await printed(code)).split("\n")).toEqual(["0 true", "true 0"]);
});

it("[SHIM-14] the declarations say what the module exports, to CommonJS and to ES modules", async () => {
	const program = `
		const timer: MINOOTS.Timer = MINOOTS.create({ name: "typed", duration: "1h", schedule: undefined });
		const status: MINOOTS.TimerStatus = timer.status;
		const found: MINOOTS.Timer | null = MINOOTS.get(timer.id);
		const done: boolean = MINOOTS.cancel(timer.id);
		const count: number = MINOOTS.cleanup({ olderThan: "1d" });
		const error = new MINOOTS.MinootsError({} as never);
		export const all = [status, found, done, count, error.code, new MINOOTS.IndependentTimer().listTimers()];
		// @ts-expect-error a number of milliseconds or a text
		MINOOTS.create({ duration: true });`;
	const files = {
		"typed.cts": `import MINOOTS = require("@minoots/timer-system");${program}`,
		"typed.mts": `import * as MINOOTS from "@minoots/timer-system";${program}`,
	};
	for (const [name, text] of Object.entries(files)) {
		await writeFile(join(project.folder, name), text);
	}
	const flags = [
		"--noEmit",
		"--strict",
		"--module",
		"nodenext",
		"--types",
		"",
		"--target",
		"es2022",
	];
	const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
	const args = [tsc, ...flags, ...Object.keys(files)];
	const { status, stdout } = spawnSync(process.execPath, args, {
		cwd: project.folder,
		encoding: "utf8",
	});
	expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
	const declared = await readFile(join(ROOT, "packages/timer-system/dist/index.d.cts"), "utf8");
	const names = [...declared.matchAll(/^export declare (?:function|class) (\w+)/gm)].map(
		([, name]) => name,
	);
	const exported = await printed(`${MODULE}console.log(Object.keys(MINOOTS).join(" "))`);
	expect(names.toSorted()).toEqual(exported.split(" ").toSorted());
});
