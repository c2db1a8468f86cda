/** `command: wait` and `command: cancel` against a network. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TimerView } from "../../../src/contract/timer.ts";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { startReceiver } from "../../helpers/receiver.ts";
import { errorsOf, runStep, type Step, warningsOf } from "./runner.ts";

let network: NetworkProcess;
let api: ApiClient;
beforeAll(async () => {
	network = await startNetwork();
	api = createApiClient(network.url, network.dev.apiKey);
});
afterAll(() => network?.stop());

async function create(timer: object): Promise<string> {
	const { body } = await api.call<TimerView>("POST", "/v1/timers", timer);
	return body.id;
}

/** URL and key come from the job's environment, as a workflow may set them once for all steps. */
function step(inputs: Readonly<Record<string, string>>): Promise<Step> {
	const env = { MINOOTS_URL: network.url, MINOOTS_API_KEY: network.dev.apiKey };
	return runStep({ env, with: inputs });
}

test("[ACT-11] `wait` ends with the timer, and says how that ended", async () => {
	const id = await create({ in: "300ms" });
	const waited = await step({ command: "wait", "timer-id": id });
	expect(waited.exitCode, waited.log).toBe(0);
	expect(waited.outputs).toMatchObject({ "timer-id": id, status: "settled" });
	expect(JSON.parse(waited.outputs["response-json"] ?? "")).toMatchObject({ firedCount: 1 });
	expect(waited.summary).toContain("settled");
});

test("[ACT-11] `wait` fails with a timer that failed, and warns of one that was cancelled", async () => {
	const receiver = await startReceiver();
	try {
		const actions = [{ type: "webhook", url: `${receiver.url}/status/400` }];
		const failed = await step({
			command: "wait",
			"timer-id": await create({ in: "1ms", actions }),
		});
		expect([failed.exitCode, failed.outputs["status"]]).toEqual([1, "failed"]);
		expect(errorsOf(failed).join()).toContain("dead letters");
	} finally {
		await receiver.close();
	}
	const id = await create({ in: "1h" });
	await api.call("POST", `/v1/timers/${id}/cancel`);
	const cancelled = await step({ command: "wait", "timer-id": id });
	expect([cancelled.exitCode, cancelled.outputs["status"]]).toEqual([0, "cancelled"]);
	expect(warningsOf(cancelled).join()).toContain("did not fire");
});

test("[ACT-12] `wait` gives up after its time, and says how the timer stands", async () => {
	const id = await create({ in: "1h" });
	const waited = await step({ command: "wait", "timer-id": id, "wait-timeout-seconds": "0.2" });
	expect([waited.exitCode, waited.outputs["status"]]).toEqual([1, "scheduled"]);
	expect(errorsOf(waited).join()).toContain("`wait-timeout-seconds` of 0.2 s is over");
});

test("[ACT-13] `cancel` cancels, with a reason, and does so again on a re-run", async () => {
	const id = await create({ in: "1h" });
	const inputs = { command: "cancel", "timer-id": id, reason: "rolled back" };
	const steps = [await step(inputs), await step(inputs)];
	for (const { exitCode, outputs } of steps) {
		expect([exitCode, outputs["outcome"], outputs["status"]]).toEqual([
			0,
			"cancelled",
			"cancelled",
		]);
	}
	const { body } = await api.call<TimerView>("GET", `/v1/timers/${id}`);
	expect(body.cancelReason).toBe("rolled back");
});

test("[ACT-13] a timer that has ended already is a warning, one that is not there an error", async () => {
	const id = await create({ in: "1ms" });
	await api.call("GET", `/v1/timers/${id}/wait?timeout=30s`);
	const late = await step({ command: "cancel", "timer-id": id });
	expect([late.exitCode, late.outputs["outcome"]]).toEqual([0, "already_fired"]);
	expect(warningsOf(late)).toHaveLength(1);
	const unknown = await step({ command: "cancel", "timer-id": "tmr_0000000000000000000000" });
	expect(unknown.exitCode).toBe(1);
	expect(errorsOf(unknown).join()).toContain("`timer-id`");
});

test("[ACT-10] another command is refused with those that there are", async () => {
	const unknown = await step({ command: "stop" });
	expect(errorsOf(unknown)[0]).toContain("expected one of schedule, wait, cancel");
});
