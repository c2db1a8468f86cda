/** The worker that the module waits for: one for each thread, and nothing that keeps the program. */
import { expect, it } from "vitest";
import { access, ENDED_WELL, MODULE, printed, project, startBefore } from "./on-network.ts";

startBefore();

it("[SHIM-5] nothing keeps the process: not its end, not an exit, not an error", async () => {
	const create = "MINOOTS.create({ duration: '1h' });";
	const ended = await project.runCode(MODULE + create, access);
	expect(ended).toMatchObject(ENDED_WELL);
	const left = await project.runCode(`${MODULE}${create} process.exit(7);`, access);
	expect(left).toMatchObject({ code: 7, stderr: "" });
	const threw = await project.runCode(`${MODULE}${create} throw new Error("mine");`, access);
	expect(threw.code).toBe(1);
	expect(threw.stderr).toContain("mine");
	for (const { tookMs } of [ended, left, threw]) expect(tookMs).toBeLessThan(5_000);
});

it("[SHIM-5] calls work in an exit handler and between other things", async () => {
	const code = `${MODULE}
		process.on("exit", () => console.log("exit", MINOOTS.create({ duration: "1h" }).status));
		setTimeout(() => console.log("timer", MINOOTS.create({ duration: "1h" }).status), 10);
		Promise.resolve().then(() => console.log("promise", MINOOTS.create({ duration: "1h" }).status));
		try { MINOOTS.create({}); } catch (error) { console.log(error.code); }
		console.log("then", MINOOTS.create({ duration: "1h" }).status);`;
	expect((await printed(code)).split("\n")).toEqual([
		"validation_failed",
		"then running",
		"promise running",
		"timer running",
		"exit running",
	]);
});

it("[SHIM-6] a module that is loaded again and again has one worker", async () => {
	const code = `
		const threads = () => require("node:fs").readdirSync("/proc/self/task").length;
		const load = () => {
			delete require.cache[require.resolve("@minoots/timer-system")];
			require("@minoots/timer-system").get("tmr_none");
		};
		load();
		const before = process.platform === "linux" ? threads() : 0;
		for (let n = 0; n < 10; n++) load();
		console.log((process.platform === "linux" ? threads() : 0) - before < 5);`;
	expect(await printed(code)).toBe("true");
});

it("[SHIM-6] a thousand calls in a row, from one worker", async () => {
	const code = `${MODULE}
		const { id } = MINOOTS.create({ duration: "1h" });
		for (let n = 0; n < 1000; n++) if (MINOOTS.get(id).id !== id) throw new Error("another");
		console.log(process.getActiveResourcesInfo().filter((name) => name.includes("Worker")).length);`;
	expect(Number(await printed(code))).toBeLessThanOrEqual(1);
});

it("[SHIM-6] threads of one program call at the same time, and the module may be there twice", async () => {
	const code = `
		const { Worker, isMainThread, threadId } = require("node:worker_threads");
		const MINOOTS = require("@minoots/timer-system");
		const create = () => MINOOTS.create({ name: "thread " + threadId, duration: "1h" }).id;
		if (isMainThread) {
			for (let n = 0; n < 4; n++) new Worker(__filename);
			const path = require.resolve("@minoots/timer-system");
			delete require.cache[path];
			const again = require(path);
			console.log(again !== MINOOTS, again.get(create()) !== null);
		} else console.log(new Set(Array.from({ length: 25 }, create)).size);`;
	const lines = (await printed(code)).split("\n");
	expect(lines.toSorted()).toEqual(["25", "25", "25", "25", "true true"]);
});

it("[SHIM-6] a worker that was lost is replaced", async () => {
	// Takes the module's worker away, as running out of memory would.
	const code = `
		const threads = require("node:worker_threads");
		const started = [];
		threads.Worker = class extends threads.Worker { constructor(...all) { super(...all); started.push(this); } };
		${MODULE}
		MINOOTS.list();
		started[0].terminate().then(() => console.log(MINOOTS.create({ duration: "1h" }).status, started.length));`;
	expect(await printed(code)).toBe("running 2");
});
