/** Filters as callers write them, in a query or a body, into those that shards take. */
import type { DeadLetterFilter, TimerFilter } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { FieldError } from "../../contract/error.ts";
import type { TimerFilterInput, TimerListQuery } from "../../contract/timer-list.ts";
import { parseInstant } from "../../core/instant.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { HttpFailure } from "../failure.ts";

type Label = readonly [key: string, value: string];

type DeadLetterInput = {
	readonly name?: string | undefined;
	readonly deadBefore?: string | undefined;
	readonly deadAfter?: string | undefined;
	readonly host?: string | undefined;
};

/** The filter of a list. */
export function filterOfQuery(
	query: Pick<TimerListQuery, "status" | "label" | "name" | "dueBefore" | "dueAfter">,
): Result<TimerFilter, HttpFailure> {
	return timerFilter(query, query.status ?? null, labelsOfQuery(query.label), "");
}

/** The filter of a bulk call. */
export function filterOfBody(filter: TimerFilterInput): Result<TimerFilter, HttpFailure> {
	const labels = Object.entries(filter.labels ?? {});
	return timerFilter(filter, filter.status ?? null, labels, "filter.");
}

/** @param prefix of the fields' paths in errors */
export function deadLetterFilter(
	input: DeadLetterInput,
	labels: readonly Label[],
	prefix: string,
): Result<DeadLetterFilter, HttpFailure> {
	const errors: FieldError[] = [];
	const deadBefore = instantOf(input.deadBefore, `${prefix}deadBefore`, errors);
	const deadAfter = instantOf(input.deadAfter, `${prefix}deadAfter`, errors);
	if (errors.length > 0) return err({ code: "validation_failed", errors });
	const { name = null, host = null } = input;
	return ok({ name, labels, deadBefore, deadAfter, host: host?.toLowerCase() ?? null });
}

/** `key:value`, cut at the first colon. */
export function labelsOfQuery(labels: readonly string[] = []): readonly Label[] {
	return labels.map((label) => {
		const colon = label.indexOf(":");
		return [label.slice(0, colon), label.slice(colon + 1)];
	});
}

function timerFilter(
	input: Pick<TimerFilterInput, "name" | "dueBefore" | "dueAfter">,
	statuses: TimerFilter["statuses"],
	labels: readonly Label[],
	prefix: string,
): Result<TimerFilter, HttpFailure> {
	const errors: FieldError[] = [];
	const dueBefore = instantOf(input.dueBefore, `${prefix}dueBefore`, errors);
	const dueAfter = instantOf(input.dueAfter, `${prefix}dueAfter`, errors);
	if (errors.length > 0) return err({ code: "validation_failed", errors });
	return ok({ statuses, labels, name: input.name ?? null, dueBefore, dueAfter });
}

function instantOf(text: string | undefined, path: string, errors: FieldError[]): number | null {
	if (text === undefined) return null;
	const instant = parseInstant(text);
	if (instant.ok) return instant.value;
	errors.push({ path, message: instant.error.message });
	return null;
}
