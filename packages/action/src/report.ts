/** Tells how a step went: outputs, log, annotations and the job's summary. Prints no secret. */
import * as core from "@actions/core";
import { MinootsError } from "../../sdk/src/index.ts";
import { ActionFailure, type Problem } from "./failure.ts";
import { type InputName, OUTPUT_NAMES } from "./names.ts";
import { fireAtOf, type Result } from "./result.ts";
import type { Secrets } from "./secrets.ts";
import { type Row, writeSummary } from "./summary.ts";
import type { SourcedAction } from "./timer-actions.ts";

const TITLE = "Minoots";
/** From here on the network, or what stands before it, is at fault and not the request. */
const SERVER_FAULT = 500;

/** Which input a field of the request comes from. */
const INPUT_OF_FIELD: Readonly<Record<string, InputName>> = {
	duration: "duration",
	fireAt: "fire-at",
	schedule: "schedule",
	name: "name",
	metadata: "metadata",
	labels: "labels",
	actionBundle: "action-bundle",
	agentBinding: "agent-binding",
	tenantId: "tenant-id",
	requestedBy: "requested-by",
	dedupe: "dedupe-key",
	reason: "reason",
};

/** Which input to look at, by the network's code, where no field is named. */
const INPUT_OF_CODE: Readonly<Record<string, InputName>> = {
	unauthorized: "api-key",
	forbidden: "api-key",
	tenant_mismatch: "tenant-id",
	not_found: "timer-id",
	dedupe_key_in_use: "dedupe-key",
	in_flight: "dedupe-key",
};

/** No answer in all tries, or one that only a fault of the network's explains. */
export function isUnavailable(error: unknown): error is MinootsError {
	if (!(error instanceof MinootsError)) return false;
	if (error.code === "timeout" || error.code === "connection_failed") return true;
	return error.status >= SERVER_FAULT;
}

export async function reportResult(result: Result, url: string, secrets: Secrets): Promise<void> {
	const { outputs, headline, timer, warnings, problems = [] } = result;
	setOutputs(outputs, secrets);
	core.info(secrets.clear(headline));
	for (const warning of warnings) core.warning(secrets.clear(warning), { title: TITLE });
	fail(problems, secrets);
	const rows: readonly Row[] = [
		{ head: "Timer", text: timer.id, as: "code" },
		{ head: "Name", text: timer.name ?? "" },
		{ head: "Status", text: timer.status },
		{ head: "Due", text: fireAtOf(timer) ?? "not yet known" },
		{ head: "Link", text: `${url.replace(/\/+$/, "")}/v1/timers/${timer.id}`, as: "link" },
	];
	await writeSummary(headline, rows, secrets);
}

/** The step goes on without the network: everything that follows finds empty outputs. */
export async function reportUnavailable(error: MinootsError, secrets: Secrets): Promise<void> {
	setOutputs({}, secrets);
	const message = `The network could not be reached, and the workflow goes on. ${error.message}`;
	core.warning(secrets.clear(message), { title: TITLE });
	const rows = [{ head: "Why", text: error.message }];
	await writeSummary("The network could not be reached; the outputs are empty", rows, secrets);
}

/** What a failure is explained with: all that was read before it. */
export type Read = {
	readonly actions: readonly SourcedAction[];
	/** Without one, a policy of the tenant let the job in. */
	readonly hasKey: boolean;
	/** Whether the step names a timer. */
	readonly hasTimer: boolean;
};

export async function reportFailure(error: unknown, read: Read, secrets: Secrets): Promise<void> {
	const problems = problemsOf(error, read);
	setOutputs({}, secrets);
	fail(problems, secrets);
	const rows = problems.map(({ input = "", message }) => ({ head: input, text: message }));
	await writeSummary("The step failed", rows, secrets);
}

function fail(problems: readonly Problem[], secrets: Secrets): void {
	for (const { input, message } of problems) {
		const text = input === undefined ? message : `Input \`${input}\` ${message}`;
		core.error(secrets.clear(text), { title: TITLE });
		process.exitCode = core.ExitCode.Failure;
	}
}

function problemsOf(error: unknown, { actions, hasKey, hasTimer }: Read): readonly Problem[] {
	if (error instanceof ActionFailure) return error.problems;
	if (error instanceof MinootsError && error.errors.length > 0) {
		return error.errors.map(({ path, message }) => locate(path, message, actions));
	}
	if (isUnavailable(error)) {
		const advice =
			"Check `api-base-url` and that the runner reaches it, or set `continue-on-unavailable: true` to go on without the network.";
		return [{ message: `${error.message} ${advice}` }];
	}
	const message = error instanceof Error ? error.message : String(error);
	if (error instanceof MinootsError && error.code === "forbidden" && !hasKey) {
		return [{ message: `The OIDC policy that let this job in does not allow it. ${message}` }];
	}
	const input = error instanceof MinootsError ? inputOf(error, hasTimer) : undefined;
	return [input === undefined ? { message } : { input, message: `is refused: ${message}` }];
}

/** A step that names no timer can only have missed the network's own address. */
function inputOf({ code }: MinootsError, hasTimer: boolean): InputName | undefined {
	return code === "unexpected_answer" || (code === "not_found" && !hasTimer)
		? "api-base-url"
		: INPUT_OF_CODE[code];
}

function locate(path: string, message: string, actions: readonly SourcedAction[]): Problem {
	const [field = "", second = "", ...rest] = path.split(".");
	if (field === "actions") {
		const [member = "", ...within] = rest;
		const source = actions[Number(second)];
		const own = source?.inputOf?.[member];
		if (own !== undefined) return { input: own, message: text(within, message) };
		if (source !== undefined) return { input: source.input, message: text(rest, message) };
	}
	if (path === "schedule.timezone") return { input: "timezone", message: text([], message) };
	const input = INPUT_OF_FIELD[field];
	if (input === undefined) return { message: `${path}: ${message}` };
	return { input, message: text(second === "" ? [] : [second, ...rest], message) };
}

function text(within: readonly string[], message: string): string {
	return within.length === 0
		? `is refused: ${message}`
		: `(${within.join(".")}) is refused: ${message}`;
}

function setOutputs(outputs: Result["outputs"], secrets: Secrets): void {
	for (const name of OUTPUT_NAMES) core.setOutput(name, secrets.clear(outputs[name] ?? ""));
}
