/** `command: schedule` against a network: what becomes of the inputs, and of running again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TimerView } from "../../../src/contract/timer.ts";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { startReceiver } from "../../helpers/receiver.ts";
import { errorsOf, newRun, runStep, type Step, type StepOptions, warningsOf } from "./runner.ts";

let network: NetworkProcess;
let api: ApiClient;
beforeAll(async () => {
	network = await startNetwork();
	api = createApiClient(network.url, network.dev.apiKey);
});
afterAll(() => network?.stop());

/** A step with the URL and the key, as a workflow would give them. */
function schedule({ with: inputs, ...options }: StepOptions): Promise<Step> {
	const access = { "api-base-url": network.url, "api-key": network.dev.apiKey };
	return runStep({ ...options, with: { ...access, ...inputs } });
}

async function timerOf({ outputs }: Step): Promise<TimerView> {
	const { body } = await api.call<TimerView>("GET", `/v1/timers/${outputs["timer-id"]}`);
	return body;
}

const idOf = ({ outputs }: Step) => outputs["timer-id"];

test("[ACT-3] a step with the founding inputs makes the timer that they describe", async () => {
	const step = await schedule({
		env: { GITHUB_RUN_ID: "7001" },
		with: {
			"tenant-id": network.dev.tenant,
			"requested-by": "release-bot",
			"fire-at": "2031-12-01T09:00:00Z",
			name: "freeze",
			metadata: '{"ticket": "OPS-1"}',
			labels: '{"team": "web"}',
			region: "eu-west",
			"agent-binding": '{"adapter": "custom", "target": "builders"}',
			"timeout-seconds": "10",
		},
	});
	expect(step.exitCode, step.log).toBe(0);
	const timer = await timerOf(step);
	expect(timer).toMatchObject({
		name: "freeze",
		requestedBy: "release-bot",
		at: "2031-12-01T09:00:00.000Z",
		labels: { team: "web", "minoots.io/region": "eu-west", "github.com/repository": "acme/site" },
		metadata: {
			ticket: "OPS-1",
			github: {
				repository: "acme/site",
				workflow: "deploy",
				job: "release",
				runId: "7001",
				url: "https://github.com/acme/site/actions/runs/7001",
			},
		},
		actions: [{ type: "agent", mailbox: "builders" }],
	});
	expect(step.outputs).toMatchObject({
		"timer-id": timer.id,
		"fire-at": "2031-12-01T09:00:00.000Z",
		status: "scheduled",
		created: "true",
		region: "eu-west",
	});
	expect(JSON.parse(step.outputs["response-json"] ?? "")).toMatchObject({ id: timer.id });
});

test("[ACT-3] an action bundle, and nothing but a duration, make timers too", async () => {
	const url = "https://hooks.example.com/a";
	const action = { id: "a", kind: "webhook", parameters: { url } };
	const bundled = await schedule({
		with: { duration: "3600000", "action-bundle": JSON.stringify({ actions: [action] }) },
	});
	const plain = await schedule({ with: { duration: "1h" } });
	expect([bundled.exitCode, plain.exitCode], bundled.log + plain.log).toEqual([0, 0]);
	expect((await timerOf(bundled)).actions).toMatchObject([{ url }]);
	expect(await timerOf(plain)).toMatchObject({
		name: "github-timer",
		requestedBy: "github-action",
		actions: [],
	});
});

test("[ACT-4] `schedule` is a cron expression, a recurrence rule or JSON", async () => {
	const given: readonly Readonly<Record<string, string>>[] = [
		{ schedule: "0 9 * * MON-FRI", timezone: "Europe/Berlin" },
		{ schedule: "FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0" },
		{ schedule: '{"every": "15m"}' },
	];
	const schedules = [];
	for (const inputs of given) {
		schedules.push((await timerOf(await schedule({ with: inputs }))).schedule);
	}
	expect(schedules).toMatchObject([
		{ cron: "0 9 * * MON-FRI", timezone: "Europe/Berlin" },
		{ rrule: "FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0" },
		{ every: "15m" },
	]);
});

test("[ACT-4] a schedule of each run is warned of, one of the repository is not", async () => {
	const loose = await schedule({ with: { schedule: "@daily" } });
	const named = await schedule({ with: { schedule: "@daily", "dedupe-key": "warned" } });
	expect(warningsOf(loose).join()).toContain("`dedupe-key`");
	expect(warningsOf(named)).toEqual([]);
});

test("[ACT-5] the timer calls the webhook", async () => {
	const receiver = await startReceiver();
	try {
		const url = `${receiver.url}/hook`;
		const step = await schedule({ with: { duration: "1ms", "webhook-url": url } });
		expect(step.exitCode, step.log).toBe(0);
		const [call] = await receiver.waitFor(1);
		expect(JSON.parse(call?.body ?? "").timer.id).toBe(idOf(step));
	} finally {
		await receiver.close();
	}
});

test("[ACT-6] no line break in a name lets Markdown begin within the summary's table", async () => {
	const step = await schedule({ with: { duration: "1h", name: "a\n\n# b\r\n\r\n![c](//d)" } });
	expect(step.summary).toContain("a<br><br># b<br><br>![c](//d)</td>");
});

test("[ACT-6] the summary shows the timer, when it is due and where to find it", async () => {
	const step = await schedule({
		with: { "fire-at": "2031-12-01T09:00:00Z", name: "<b>&amp;" },
	});
	expect(step.summary).toContain("2031-12-01T09:00:00.000Z");
	expect(step.summary).toContain(`<a href="${network.url}/v1/timers/${idOf(step)}">`);
	expect(step.summary).toContain("&lt;b&gt;&amp;amp;");
	expect(step.summary).not.toContain("<b>");
});

test("[ACT-7] the same attempt makes no second timer, also once the first has ended", async () => {
	const env = newRun();
	const first = await schedule({ env, with: { duration: "1ms" } });
	await api.call("GET", `/v1/timers/${idOf(first)}/wait?timeout=30s`);
	const second = await schedule({ env, with: { duration: "1ms" } });
	expect(idOf(second)).toBe(idOf(first));
});

test("[ACT-7] another attempt keeps the timer, and makes one once that has ended", async () => {
	const env = newRun();
	const attempt = (number: number, duration = "1h") =>
		schedule({ env: { ...env, GITHUB_RUN_ATTEMPT: String(number) }, with: { duration } });
	const first = await attempt(1);
	const second = await attempt(2, "2h");
	expect(idOf(second)).toBe(idOf(first));
	expect([first.outputs["created"], second.outputs["created"]]).toEqual(["true", "false"]);
	expect(second.outputs["fire-at"]).toBe(first.outputs["fire-at"]);
	await api.call("POST", `/v1/timers/${idOf(first)}/cancel`);
	const third = await attempt(3);
	expect(third.outputs["created"]).toBe("true");
	expect(idOf(third)).not.toBe(idOf(first));
});

test("[ACT-7] runs, jobs, legs of a matrix, steps and names have timers of their own", async () => {
	const env = newRun();
	const inputs = { duration: "1h" };
	const steps: readonly StepOptions[] = [
		{ env, with: inputs },
		{ env: newRun(), with: inputs },
		{ env: { ...env, GITHUB_REPOSITORY: "acme/api" }, with: inputs },
		{ env: { ...env, GITHUB_JOB: "test" }, with: inputs },
		{ env: { ...env, GITHUB_ACTION: "other" }, with: inputs },
		{ env, matrix: { os: "linux" }, with: inputs },
		{ env, matrix: { os: "windows" }, with: inputs },
		{ env, with: { ...inputs, name: "second" } },
	];
	const ids = new Set<string | undefined>();
	for (const step of steps) ids.add(idOf(await schedule(step)));
	expect(ids.size).toBe(steps.length);
});

test("[ACT-8] two steps of one attempt that ask for different things under one name fail", async () => {
	const env = newRun();
	await schedule({ env, with: { duration: "1h" } });
	const twin = await schedule({ env, with: { duration: "2h" } });
	expect(twin.exitCode).toBe(1);
	expect(errorsOf(twin).join()).toContain("`name`");
});

test("[ACT-9] `dedupe-key` is one timer of the repository, which a later run changes", async () => {
	const run = (inputs: Readonly<Record<string, string>>, repository = "acme/site") =>
		schedule({
			env: { ...newRun(), GITHUB_REPOSITORY: repository },
			with: { "dedupe-key": "nightly", ...inputs },
		});
	const first = await run({ schedule: "0 3 * * *" });
	const second = await run({ schedule: "30 3 * * *" });
	expect(idOf(second)).toBe(idOf(first));
	expect((await timerOf(second)).schedule).toMatchObject({ cron: "30 3 * * *" });
	const kept = await run({ schedule: "0 4 * * *", "dedupe-mode": "keep" });
	expect((await timerOf(kept)).schedule).toMatchObject({ cron: "30 3 * * *" });
	const refused = await run({ schedule: "0 4 * * *", "dedupe-mode": "reject" });
	expect(errorsOf(refused).join()).toContain("`dedupe-key`");
	const [env, key] = [newRun(), { "dedupe-key": "weekly", "dedupe-mode": "keep" }];
	await schedule({ env, with: { ...key, schedule: "0 3 * * MON" } });
	const again = await schedule({ env, with: { ...key, schedule: "0 3 * * TUE" } });
	expect([again.exitCode, again.outputs["created"]], again.log).toEqual([0, "false"]);
	const other = await run({ schedule: "0 3 * * *" }, "acme/api");
	expect(idOf(other)).not.toBe(idOf(first));
});

test("[ACT-10] what is wrong with the inputs is told all at once, and nothing is sent", async () => {
	const step = await schedule({
		with: {
			duration: "1h",
			"fire-at": "2031-12-01T09:00:00Z",
			metadata: "[]",
			labels: "team=web",
			"timeout-seconds": "soon",
			"dedupe-mode": "maybe",
			"client-payload": "{}",
			workflow: "nightly.yml",
		},
	});
	expect(step.exitCode).toBe(1);
	const named = errorsOf(step).map((message) => /^Input `([\w-]+)` /.exec(message)?.[1]);
	expect(named.toSorted()).toEqual(
		[
			"client-payload",
			"dedupe-mode",
			"duration",
			"github-token",
			"labels",
			"metadata",
			"timeout-seconds",
		].toSorted(),
	);
	expect(Object.values(step.outputs).join("")).toBe("");
});

test("[ACT-10] what the network refuses is told under the input that it comes from", async () => {
	const step = await schedule({
		with: { schedule: "0 99 * * *", "webhook-url": "ftp://host/x" },
	});
	expect(step.exitCode).toBe(1);
	const messages = errorsOf(step).join("\n");
	expect(messages).toContain("Input `schedule` (cron) is refused: ");
	expect(messages).toContain("Input `webhook-url` (url) is refused: ");
	expect(step.summary).toContain("<th>schedule</th>");
	const elsewhere = await schedule({
		with: { schedule: "0 9 * * *", timezone: "Europe/Atlantis", labels: '{"team": 1}' },
	});
	const refused = errorsOf(elsewhere).join("\n");
	expect(refused).toContain("Input `labels` (team) is refused: ");
	const nowhere = await schedule({ with: { schedule: "0 9 * * *", timezone: "Europe/Atlantis" } });
	expect(errorsOf(nowhere)[0]).toContain("Input `timezone` is refused: ");
});
