/**
 * What the founding README and its examples showed, as programs of users, run unchanged: only what
 * `require` finds is new. The two that go to work on the machine do so through the shell agent.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type Receiver, startReceiver } from "../../helpers/receiver.ts";
import { buildPackage, createProject, type Project, ROOT, type Run } from "./project.ts";

let network: NetworkProcess;
let receiver: Receiver;
let project: Project;

beforeAll(async () => {
	await buildPackage();
	[network, receiver] = await Promise.all([startNetwork(), startReceiver()]);
	project = await createProject({
		MINOOTS_URL: network.url,
		MINOOTS_API_KEY: network.dev.apiKey,
		RECEIVER: receiver.url,
	});
});

afterAll(async () => {
	await project[Symbol.asyncDispose]();
	await receiver.close();
	await network.stop();
});

/** The lines it printed; it must have ended well. */
async function linesOf(name: string): Promise<readonly string[]> {
	const { code, signal, stdout, stderr }: Run = await project.run(name);
	expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
	return stdout.trimEnd().split("\n");
}

it("[SHIM-10] the quick start runs: the timer has its id on the next line", async () => {
	const [line] = await linesOf("quick-start");
	expect(line).toMatch(/^Timer tmr_\w+ will execute in 1 hour$/);
});

it("[SHIM-10] timers are listed, looked at, logged, cancelled and cleaned up", async () => {
	const lines = await linesOf("basic-usage");
	expect(lines).toEqual(
		expect.arrayContaining([
			"simple: 0% complete",
			"deployment_pipeline: 0% complete",
			"Status: running",
			expect.stringMatching(/^Remaining: 8\d{5}ms$/),
			"For: production 1.2.3",
			"Then: docker deploy production:latest",
			expect.stringMatching(/^\[\d{4}-.*Z\] Timer created: name=deployment_pipeline /),
			"Cancelled: true",
			expect.stringMatching(/^Cleaned up: [1-9]/),
			"Then there is null",
		]),
	);
});

it("[SHIM-10] every form of a duration is read, and shown as it was given", async () => {
	expect(await linesOf("durations")).toEqual([
		"500ms = 500 = 500",
		"30s = 30000 = 30000",
		"5m = 300000 = 300000",
		"2h = 7200000 = 7200000",
		"1d = 86400000 = 86400000",
		"3600000 = 3600000 = 3600000",
		expect.stringMatching(/^Error: .* 422 /),
		expect.stringMatching(/^ {2}duration: "soon" is not a duration/),
	]);
});

it("[SHIM-10] a chain waits, and conditions decide", async () => {
	expect(await linesOf("chain")).toEqual(["step2 is pending", "in order: true"]);
	expect(await linesOf("conditions")).toEqual(["expired", "skipped"]);
});

it("[SHIM-10] a webhook brings message and data in the shape that its receiver knows", async () => {
	receiver.clear();
	const [id] = await linesOf("webhook");
	const [request] = await receiver.waitFor(1);
	expect(request?.path).toBe("/task-completed");
	expect(JSON.parse(request?.body ?? "")).toMatchObject({
		event: "timer_expired",
		timer: { id, name: "ai_task" },
		message: "The task should be finished",
		data: { task_id: 12345, priority: "high" },
	});
});

it("[SHIM-10] agents are coordinated and a team is told, a timer each", async () => {
	receiver.clear();
	expect(await linesOf("agent-coordination")).toEqual([
		"[ 'reader running', 'tester running', 'writer running' ]",
		"3 agents have had their turn",
	]);
	expect(await linesOf("broadcast")).toEqual(["Told 3 members of ops"]);
	const paths = (await receiver.waitFor(6)).map(({ path }) => path);
	expect(paths.toSorted()).toEqual(
		[
			...["reader", "tester", "writer"].map((agent) => `/agents/${agent}`),
			...["ada", "edsger", "grace"].map((member) => `/members/${member}`),
		].toSorted(),
	);
});

it("[SHIM-12] the class that the founding file exported has its methods", async () => {
	const lines = await linesOf("independent-timer");
	expect([lines[0], ...lines.slice(-2)]).toEqual(["true", "false", "true"]);
	expect(lines).toContainEqual(expect.stringMatching(/Timer expired/));
});

it("[SHIM-8] a command and a file wait in a mailbox for an agent, which does what it allows", async () => {
	receiver.clear();
	const files = join(project.folder, "files");
	await mkdir(files);
	const allowed = join(project.folder, "allowed-commands");
	await writeFile(allowed, "echo ${GREETING:-no greeting} > greeting.txt\n");
	const [id] = await linesOf("powerful-events");
	const [request] = await receiver.waitFor(1);
	const told = JSON.parse(request?.body ?? "");
	expect(told).toMatchObject({ message: "Deployment timer expired", timer: { id } });

	const shell = join(ROOT, "examples/shell-agent");
	const work = join(shell, "founding-actions.sh");
	const agent = spawn("sh", [join(shell, "agent.sh"), "timer-system", "sh", work], {
		cwd: project.folder,
		env: {
			...process.env,
			MINOOTS_URL: network.url,
			MINOOTS_API_KEY: network.dev.apiKey,
			ALLOWED: allowed,
			FILES: files,
			GREETING: "hello",
		},
		stdio: ["ignore", "pipe", "inherit"],
		detached: true,
	});
	onTestFinished(() => {
		process.kill(-(agent.pid ?? 0), "SIGKILL");
	});
	const [said] = await once(agent.stdout.setEncoding("utf8"), "data");
	expect(said).toContain('"outcome":"acknowledged"');
	expect(await readFile(join(project.folder, "greeting.txt"), "utf8")).toBe("hello\n");
	expect(await readFile(join(files, "result.txt"), "utf8")).toBe(
		`Timer done at ${told.timestamp}, not for \${USER}!`,
	);
});
