/** What became of each line of a batch, as it comes in from the checks and from several shards. */
import type { BatchCreated } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { BatchItemError } from "../../contract/timer-calls.ts";
import type { Address } from "../../core/public-id.ts";
import type { HttpFailure } from "../failure.ts";
import { renderProblem } from "../problem.ts";
import { shardFailure } from "../shard-failure.ts";

/** A timer: a new one, or one that the line's dedupe key has led to. */
export type LineTimer = Address & { readonly existing?: true };
export type LineOutcome = LineTimer | { readonly error: BatchItemError };

/** Of a line that neither the checks refuse now nor any shard knows, though the batch is replayed. */
const FAILED_AT_FIRST: BatchItemError = {
	code: "validation_failed",
	message: "This line was refused when the batch was first sent.",
};

export class BatchOutcome {
	/** Whether any part was answered as it was at an earlier request with the same key. */
	replayed = false;
	readonly #lines: (LineOutcome | undefined)[];
	/** The last of the plan's limits that a line ran into. */
	#limited: HttpFailure | undefined;
	#others = 0;

	constructor(length: number) {
		this.#lines = Array.from({ length });
	}

	/** Whether it is settled what becomes of the line. */
	has(index: number): boolean {
		return this.#lines[index] !== undefined;
	}

	/** Refused before any schema saw it, or by one. */
	refuse(index: number, error: BatchItemError): void {
		this.#lines[index] = { error };
		this.#others += 1;
	}

	fail(index: number, failure: HttpFailure): void {
		const { code, detail, errors } = renderProblem(failure, "").problem;
		const error = { code, message: detail };
		this.#lines[index] = { error: errors === undefined ? error : { ...error, errors } };
		if (isLimit(failure)) this.#limited = failure;
		else this.#others += 1;
	}

	found(index: number, timer: LineTimer): void {
		this.#lines[index] = timer;
		this.#others += 1;
	}

	/** What a shard answered. It overrules the checks: a replayed line may be past due by now. */
	merge(shard: number, answer: BatchCreated): void {
		if (answer.kind === "replayed") this.replayed = true;
		for (const { index, ...timer } of answer.created) this.found(index, { shard, ...timer });
		for (const { index, error } of answer.failed) {
			this.fail(index, shardFailure(error, "The timer"));
		}
	}

	/**
	 * The plan's limit, when it alone kept every line from being created: the batch is then refused
	 * like a single create, with 429 and when to try again.
	 */
	limitedAsAWhole(): HttpFailure | undefined {
		return this.#others === 0 ? this.#limited : undefined;
	}

	lines(): readonly LineOutcome[] {
		return this.#lines.map((line) => line ?? { error: FAILED_AT_FIRST });
	}
}

function isLimit({ code }: HttpFailure): boolean {
	return code === "quota_exceeded" || code === "rate_limited";
}
