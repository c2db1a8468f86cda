/** The folders that the founding module left, brought along by the CLI, and what the module then sees. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../e2e/docs/programs.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { createProject, type Project, ROOT } from "./project.ts";

const CLI = join(ROOT, "packages/cli/dist/minoots.cjs");
const EXAMPLE = join(ROOT, "examples/founding-module/active_timers");
const BROKEN = join(ROOT, "test/fixtures/founding-module/broken_timers");

type Result = { readonly file: string; readonly [member: string]: unknown };
type Report = { readonly created: number; readonly results: readonly Result[] };

let network: NetworkProcess;
let project: Project;
let access: Record<string, string>;

beforeAll(async () => {
	const build = [join(ROOT, "scripts/build-packages.ts"), "timer-system", "cli"];
	expect(spawnSync(process.execPath, build).status).toBe(0);
	network = await startNetwork();
	access = { MINOOTS_URL: network.url, MINOOTS_API_KEY: network.dev.apiKey };
	project = await createProject(access);
});

afterAll(async () => {
	await project[Symbol.asyncDispose]();
	await network.stop();
});

async function imported(folder: string, ...options: readonly string[]): Promise<Report> {
	const place = { folder: project.folder, env: { ...process.env, ...access } };
	const args = [CLI, "import", folder, ...options, "--json"];
	const { stdout, stderr } = await run(place, process.execPath, args);
	expect(stdout, stderr).not.toBe("");
	return JSON.parse(stdout);
}

it("[SHIM-11] running timers go on, once, and the module shows them as they were", async () => {
	const report = await imported(EXAMPLE, "--mailbox", "timer-system");
	expect(report).toMatchObject({ created: 3, skipped: 3, failed: 0 });
	const again = await imported(EXAMPLE, "--mailbox", "timer-system");
	expect(again).toMatchObject({ created: 0, existing: 3 });
	const { stdout } = await project.runCode(
		'console.log(JSON.stringify(require("@minoots/timer-system").list({ agent_id: "backup_agent" })))',
	);
	expect(JSON.parse(stdout)).toMatchObject([
		{
			name: "nightly_backup",
			status: "running",
			agentId: "backup_agent",
			scenario: "maintenance",
			duration: 301_499_900_000,
			startTime: 1_764_500_100_000,
			endTime: 2_066_000_000_000,
			events: {
				on_expire: {
					command: { command: "echo backing up ${HOSTNAME:-here}" },
					file_write: { file: "backup.log", content: "Backup begun at ${timestamp}" },
					message: "Backup",
				},
			},
		},
	]);
});

it("[SHIM-11] what a power cut left is told file by file, and stops no other", async () => {
	const { created, results } = await imported(BROKEN);
	expect(created).toBe(1);
	const said = Object.fromEntries(results.map(({ file, ...rest }) => [file, JSON.stringify(rest)]));
	expect(said).toEqual({
		"timer_1764500300000_m4n5b6v7c.json": expect.stringContaining("which has passed"),
		"timer_1764500400000_l1k2j3h4g.json": expect.stringContaining("endTime: expected an instant"),
		"timer_1764500500000_p0o9i8u7y.json": expect.stringMatching(/not JSON/),
		"timer_1764500600000_t6r5e4w3q.json": expect.stringMatching(/"id":"tmr_/),
	});
});
