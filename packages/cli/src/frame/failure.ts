/**
 * Failures that a command foresees. Whatever else is thrown is shown by `show-error.ts` as well, so
 * a command throws one of these only where it knows more than the error it met.
 */
import { EXIT, type ExitCode } from "./exit-codes.ts";

export type FailureDetails = {
	/** Stable snake_case, for `--json`. */
	readonly code: string;
	/** What to do next. */
	readonly hint?: string | undefined;
	readonly errors?: readonly { readonly path: string; readonly message: string }[];
};

export class Failure extends Error {
	readonly exitCode: ExitCode;
	readonly details: FailureDetails;

	constructor(exitCode: ExitCode, message: string, details: FailureDetails) {
		super(message);
		this.exitCode = exitCode;
		this.details = details;
	}
}

/** Wrong usage: exit code 2, and nothing was sent. */
export function usageFailure(message: string, hint?: string): Failure {
	return new Failure(EXIT.usage, message, { code: "usage", hint });
}

/** It did not work: exit code 1. */
export function operationFailure(code: string, message: string, hint?: string): Failure {
	return new Failure(EXIT.failed, message, { code, hint });
}
