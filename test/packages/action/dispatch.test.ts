/** Timers that start workflows, from the step that makes them to the call that GitHub gets. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeGithub, startFakeGithub } from "../../helpers/fake-github.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { errorsOf, newRun, runStep, type Step, type StepOptions, warningsOf } from "./runner.ts";

const TOKEN = "github_pat_0123456789abcdefghijklmnopqrstuvwxyz";

let network: NetworkProcess;
let github: FakeGithub;
beforeAll(async () => {
	[network, github] = await Promise.all([
		startNetwork(),
		startFakeGithub({
			tokens: [TOKEN],
			repositories: {
				"acme/site": { "deploy.yml": { inputs: ["environment"] } },
				"acme/api": {},
			},
		}),
	]);
});
afterAll(async () => {
	await github?.close();
	await network?.stop();
});

/** On a server of one's own, whose API is where the runner says. */
function step({ with: inputs, env }: StepOptions): Promise<Step> {
	return runStep({
		env: { ...newRun(), GITHUB_API_URL: github.url, ...env },
		with: {
			"api-base-url": network.url,
			"api-key": network.dev.apiKey,
			"github-token": TOKEN,
			...inputs,
		},
	});
}

async function dispatchedBy(inputs: Readonly<Record<string, string>>) {
	const before = github.requests.length;
	const made = await step({ with: { duration: "1ms", ...inputs } });
	expect(made.exitCode, made.log).toBe(0);
	const requests = await github.waitFor(before + 1);
	return { made, request: requests[before] };
}

test("[ACT-19] `dispatch` fires a repository_dispatch on this repository", async () => {
	const { made, request } = await dispatchedBy({
		dispatch: "nightly",
		"client-payload": '{"level": 2, "due": "${firing.dueAt}"}',
	});
	expect(request).toMatchObject({
		path: "/repos/acme/site/dispatches",
		headers: { authorization: `Bearer ${TOKEN}` },
		body: { event_type: "nightly", client_payload: { level: 2, due: made.outputs["fire-at"] } },
	});
	expect(made.outputs["response-json"]).not.toContain(TOKEN);
});

test("[ACT-19] and on another one, for which the token is good", async () => {
	const { request } = await dispatchedBy({ dispatch: "nightly", repository: "acme/api" });
	expect(request?.path).toBe("/repos/acme/api/dispatches");
});

test("[ACT-20] `workflow` runs a workflow on the branch of this run", async () => {
	const { request } = await dispatchedBy({
		workflow: "deploy.yml",
		"workflow-inputs": '{"environment": "staging"}',
	});
	expect(request).toMatchObject({
		path: "/repos/acme/site/actions/workflows/deploy.yml/dispatches",
		body: { ref: "main", inputs: { environment: "staging" } },
	});
});

test("[ACT-20] a run without a branch has to name one", async () => {
	const inputs = { duration: "1h", workflow: "deploy.yml" };
	const refused = await step({ env: { GITHUB_REF: "refs/pull/7/merge" }, with: inputs });
	expect(errorsOf(refused)[0]).toContain("`ref` is missing");
});

test("[ACT-20] a timer waits for one that has dispatched, and sees that it did", async () => {
	const { made } = await dispatchedBy({ dispatch: "nightly" });
	const id = made.outputs["timer-id"] ?? "";
	const waited = await step({ with: { command: "wait", "timer-id": id } });
	expect(waited.outputs["status"], waited.log).toBe("settled");
});

test("[ACT-21] a token that GitHub lets expire is warned of, one that is missing refused", async () => {
	const short = await step({
		with: { duration: "1h", dispatch: "nightly", "github-token": "ghs_0123456789abcdefghij" },
	});
	expect([short.exitCode, warningsOf(short).length]).toEqual([0, 1]);
	const missing = await step({
		with: { duration: "1h", dispatch: "nightly", "github-token": "" },
	});
	expect(errorsOf(missing)[0]).toContain("`github-token` is missing");
});

test("[ACT-10] what is wrong with a dispatch is told under its input", async () => {
	const refused = await step({
		with: { duration: "1h", dispatch: "nightly", repository: "nobody" },
	});
	expect(errorsOf(refused)[0]).toContain("`repository`");
});
