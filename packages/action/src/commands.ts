/** The three things that a step can do. Each reads its inputs first and sends nothing before. */
import * as core from "@actions/core";
import { MinootsError, type Timer, type TimerCreate } from "../../sdk/src/index.ts";
import type { Problem } from "./failure.ts";
import type { Inputs } from "./inputs.ts";
import { fireAtOf, type Result, requireTimer, resultOf } from "./result.ts";
import type { Network } from "./sign-in.ts";
import type { SourcedAction } from "./timer-actions.ts";
import { isOfAnotherStep, readTimerRequest } from "./timer-request.ts";
import type { WorkflowRun } from "./workflow-run.ts";

export const COMMANDS = ["schedule", "wait", "cancel"] as const;
export type Command = (typeof COMMANDS)[number];

export type Plan = {
	/** Where the network's complaint about `actions.n` belongs. */
	readonly actions: readonly SourcedAction[];
	readonly perform: (network: Network) => Promise<Result>;
};

/** 200 is the answer of a create that found its timer there already. */
const CREATED = 201;
const WAIT_SECONDS = 600;
const MS_PER_SECOND = 1_000;
/** Length of one poll: longer would pass the idle time-outs of common proxies. */
const PROGRESS_MS = 30_000;

export const PLANS: Readonly<Record<Command, (inputs: Inputs, run: WorkflowRun) => Plan>> = {
	schedule: planSchedule,
	wait: planWait,
	cancel: planCancel,
};

function planSchedule(inputs: Inputs, run: WorkflowRun): Plan {
	const request = readTimerRequest(inputs, run);
	const { body, actions, idempotencyKey, warnings } = request;
	return {
		actions,
		perform: async ({ minoots, lastStatus }) => {
			// The network checks it: the inputs are JSON of a user's own making.
			const answer = await minoots.timers.create(body as TimerCreate, { idempotencyKey });
			const timer = requireTimer(answer);
			const problems = isOfAnotherStep(request, timer.metadata) ? [twinOf(timer)] : [];
			const created = lastStatus() === CREATED;
			const was = created ? "" : " (it was there already)";
			const headline = `Timer ${timer.id} fires ${whenOf(timer)}${was}`;
			const outputs = { created: String(created) };
			return resultOf(timer, timer, { headline, warnings, outputs, problems });
		},
	};
}

function planWait(inputs: Inputs): Plan {
	const id = inputs.requireId("timer-id", "say which timer to wait for");
	const timeoutMs = inputs.seconds("wait-timeout-seconds", WAIT_SECONDS);
	return {
		actions: [],
		perform: async (network) => {
			const { timer, hasEnded } = await waitFor(network, id, timeoutMs);
			const { status } = timer;
			const problems = hasEnded ? [] : [tooLong(timer, timeoutMs)];
			if (status === "failed") problems.push(lost(timer));
			const isIdle = status === "cancelled" || status === "skipped";
			const warnings = isIdle ? [`${progressOf(timer)}: it did not fire.`] : [];
			return resultOf(timer, timer, { headline: progressOf(timer), problems, warnings });
		},
	};
}

type Waited = { readonly timer: Timer; readonly hasEnded: boolean };

async function waitFor(network: Network, id: string, timeoutMs: number): Promise<Waited> {
	const endsAt = Date.now() + timeoutMs;
	let { minoots, renew } = network;
	let seen: Timer | undefined;
	const onProgress = (answer: Timer) => {
		const timer = requireTimer(answer);
		renew = network.renew;
		if (seen?.status !== timer.status) core.info(progressOf(timer));
		seen = timer;
	};
	for (;;) {
		try {
			const leftMs = Math.max(0, endsAt - Date.now());
			const told = { timeoutMs: leftMs, onProgress, everyMs: PROGRESS_MS };
			return { timer: await minoots.waitFor(id, told), hasEnded: true };
		} catch (error) {
			// Before anything was seen it is the network that does not answer, or does not let us in.
			if (seen === undefined || !(error instanceof MinootsError)) throw error;
			if (error.code === "timeout") return { timer: seen, hasEnded: false };
			if (error.code !== "unauthorized" || renew === undefined) throw error;
			core.info("The access token has expired: signing in again");
			({ minoots } = await renew());
			renew = undefined; // until the new token has been good for something
		}
	}
}

function planCancel(inputs: Inputs): Plan {
	const id = inputs.requireId("timer-id", "say which timer to cancel");
	const reason = inputs.text("reason");
	return {
		actions: [],
		perform: async ({ minoots }) => {
			const answer = await minoots.timers.cancel(id, reason === undefined ? {} : { reason });
			const { outcome } = answer;
			const timer = requireTimer(answer.timer);
			const warning = CANCEL_WARNINGS[outcome];
			return resultOf(timer, answer, {
				headline: `Timer ${id}: ${outcome.replaceAll("_", " ")}`,
				outputs: { outcome },
				warnings: warning === undefined ? [] : [`The timer ${id} ${warning}`],
			});
		},
	};
}

const CANCEL_WARNINGS: Readonly<Record<string, string>> = {
	already_fired: "had ended before it could be cancelled.",
	in_flight: "was firing: what is under way finishes, and nothing is tried again.",
};

/** Two steps that mean one timer, without saying so, are a mistake that must not pass for success. */
function twinOf({ id }: Timer): Problem {
	const message = `is also that of another step of this job, which has made the timer ${id}. Give each step its own \`name\`, or the same \`dedupe-key\` if they mean one timer.`;
	return { input: "name", message };
}

function tooLong(timer: Timer, timeoutMs: number): Problem {
	const message = `of ${timeoutMs / MS_PER_SECOND} s is over: ${progressOf(timer)}, due ${whenOf(timer)}. Raise it, or have the timer start a workflow (\`dispatch\`) instead of waiting for it.`;
	return { input: "wait-timeout-seconds", message };
}

function lost(timer: Timer): Problem {
	const message = `${progressOf(timer)}: what it should have done was not. Its deliveries and the dead letters say why.`;
	return { message };
}

function progressOf({ id, status }: Timer): string {
	return `Timer ${id} is ${status}`;
}

function whenOf(timer: Timer): string {
	return fireAtOf(timer) ?? "when what it waits for has happened";
}
