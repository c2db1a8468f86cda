/**
 * An error as it is shown: what happened, field by field, what to do next. With `--json` it is one
 * JSON object. It decides the exit code as well. Called once, where the program ends.
 */
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

/** One line of JSON on stderr: `{"error": …}`. */
export type ErrorView = {
	readonly code: string;
	readonly message: string;
	readonly status?: number;
	readonly requestId?: string;
	readonly errors?: readonly FieldError[];
	readonly hint?: string;
};
type Fields = ErrorView & { readonly detail: string };
type FieldError = { readonly path: string; readonly message: string };

/** What to do about a refusal, by its code. */
const HINTS: Readonly<Record<string, string>> = {
	unauthorized: "Check the key with `minoots doctor`, or log in anew with `minoots login`.",
	forbidden: "It takes another key: `minoots keys` shows and makes keys and their scopes.",
	not_found: "Ids belong to one tenant, that of the key. `minoots list` shows its timers.",
	already_settled: "It has ended. `minoots replay` repeats one of its firings.",
	in_flight: "A delivery is under way. `minoots wait` until it has ended, then try again.",
	paused: "`minoots resume` lets it go on.",
	precondition_failed: "Somebody changed it. Read it with `minoots get`, then try again.",
	quota_exceeded:
		"`minoots usage` shows what is used, `minoots api GET /v1/pricing` what plans have.",
	rate_limited: "Wait a moment and try again.",
	unsupported_action: "Use a webhook (--webhook) or an agent's mailbox (--mailbox).",
	destination_refused: "Destinations are public https addresses.",
	connection_failed: "Is the network running, and the address right? `minoots doctor` finds out.",
	timeout: "Try again, give it longer with --timeout, or look with `minoots doctor`.",
	internal_error: "This is the network's fault. Try again; report the request id if it lasts.",
	unexpected: "This looks like a fault of minoots itself: --verbose shows where.",
	unavailable: "Nothing was stored. Try again in a moment.",
};

/** How the client refuses an id or a name that would make its path another one's. */
const UNNAMED = /^path: expected /;

export type Shown = { readonly exitCode: ExitCode; readonly view: ErrorView };

export function explainError(error: unknown): Shown {
	if (error instanceof Failure) {
		const { code, hint, errors } = error.details;
		const view = { code, message: error.message, ...defined({ errors, hint }) };
		return { exitCode: error.exitCode, view };
	}
	if (error instanceof TypeError && UNNAMED.test(error.message)) {
		const hint = "Is a variable empty that should have held it?";
		const message = `An id or a name is empty, or only dots; ${error.message}`;
		return { exitCode: EXIT.usage, view: { code: "usage", message, hint } };
	}
	const { code, status, requestId, errors, message } = readError(error);
	const hint = HINTS[code];
	return {
		exitCode: EXIT.failed,
		view: { code, message, ...defined({ status, requestId, errors, hint }) },
	};
}

export function renderError(view: ErrorView, style: Style): string {
	const lines = [`${style.red("error:")} ${view.message}`];
	const width = Math.max(0, ...(view.errors ?? []).map(({ path }) => path.length));
	for (const { path, message } of view.errors ?? []) {
		lines.push(`  ${style.bold(path.padEnd(width))}  ${message}`);
	}
	if (view.hint !== undefined) lines.push(`${style.cyan("hint:")} ${view.hint}`);
	if (view.requestId !== undefined) lines.push(style.dim(`request ${view.requestId}`));
	return printable(lines.join("\n"));
}

/** A `MinootsError` by its fields, since its class may not have been loaded; else a bug of ours. */
function readError(error: unknown) {
	if (!(error instanceof Error)) return { code: "unexpected", message: String(error) };
	const { code, status, requestId, detail, errors } = error as Error & Partial<Fields>;
	return {
		code: typeof code === "string" ? code : "unexpected",
		message: typeof detail === "string" ? detail : error.message,
		status: typeof status === "number" && status > 0 ? status : undefined,
		requestId: typeof requestId === "string" && requestId !== "" ? requestId : undefined,
		errors: Array.isArray(errors) && errors.length > 0 ? errors : undefined,
	};
}

/** Only the members that have a value. */
function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	const entries = Object.entries(members).filter(([, value]) => value !== undefined);
	return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
