/** What agents say of the leases they hold: done, to be tried again, still at work. */
import type { z } from "zod";
import type { Ack, LeaseOutcome, Retry } from "../../../durable-objects/agent-mailbox/rpc.ts";
import type {
	AckAnswerSchema,
	AckCallSchema,
	ExtendAnswerSchema,
	ExtendCallSchema,
	LeaseOutcomeSchema,
} from "../../contract/mailbox.ts";
import { formatInstant } from "../../core/instant.ts";
import { ok, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { openMailbox } from "./open-mailbox.ts";

type AckInput = z.infer<typeof AckCallSchema>;
type AckView = z.infer<typeof AckAnswerSchema>;
type ExtendInput = z.infer<typeof ExtendCallSchema>;
type ExtendView = z.infer<typeof ExtendAnswerSchema>;

export async function settleLeases(
	context: TenantContext,
	name: string,
	{ acks = [], retries = [] }: AckInput,
): Promise<Result<AckView, HttpFailure>> {
	const opened = openMailbox(context, name);
	if (!opened.ok) return opened;
	const { stub, call } = opened.value;
	const answer = await stub.ack(call, acks.map(ackOf), retries.map(retryOf));
	return ok({
		ackCount: countSettled(answer.acks),
		retryCount: countSettled(answer.retries),
		acks: answer.acks.map(renderOutcome),
		retries: answer.retries.map(renderOutcome),
	});
}

export async function extendLeases(
	context: TenantContext,
	name: string,
	{ leases }: ExtendInput,
): Promise<Result<ExtendView, HttpFailure>> {
	const opened = openMailbox(context, name);
	if (!opened.ok) return opened;
	const { stub, call } = opened.value;
	const outcomes = await stub.extend(call, leases);
	return ok({ leases: outcomes.map(renderOutcome) });
}

function ackOf({ leaseId, result }: NonNullable<AckInput["acks"]>[number]): Ack {
	return { leaseId, result: result === undefined ? null : JSON.stringify(result) };
}

function retryOf(retry: NonNullable<AckInput["retries"]>[number]): Retry {
	const { leaseId, delayMs = 0, reason, notStarted = false } = retry;
	return { leaseId, delayMs, reason: reason ?? null, notStarted };
}

function countSettled(outcomes: readonly LeaseOutcome[]): number {
	return outcomes.filter(({ outcome }) => outcome !== "stale").length;
}

function renderOutcome({
	leaseId,
	outcome,
	leaseExpiresAt,
}: LeaseOutcome): z.infer<typeof LeaseOutcomeSchema> {
	return {
		leaseId,
		outcome,
		...(leaseExpiresAt !== null && { leaseExpiresAt: formatInstant(leaseExpiresAt) }),
	};
}
