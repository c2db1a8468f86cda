/**
 * Bulk calls: one action on everything a filter selects, in every shard of the tenant. Few matches
 * are worked off at once; many become a job, whose id is a sequence of the first shard and names the
 * part that each shard keeps.
 */
import type { BulkAction, TimerFilter } from "../../../durable-objects/tenant-shard/rpc.ts";
import { LIMITS } from "../../contract/limits.ts";
import {
	type BulkBody,
	type CleanupBody,
	ENDED_STATUSES,
	type Job,
} from "../../contract/timer-calls.ts";
import { parseDuration } from "../../core/duration.ts";
import { ok, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuse, refuseField } from "../failure.ts";
import { type Reply, reply } from "../reply.ts";
import { filterOfBody } from "./filter.ts";
import { allHomes, type Home, homeOf, locate } from "./shards.ts";

/** The shard whose sequences number the jobs of a tenant: every tenant has it. */
const JOB_SHARD = 0;

type Part = { readonly home: Home; readonly matched: number };

export async function runBulk(
	context: TenantContext,
	body: BulkBody,
): Promise<Result<Reply, HttpFailure>> {
	const filter = filterOfBody(body.filter);
	if (!filter.ok) return filter;
	const { action, reason = null, dryRun = false } = body;
	return applyToAll(context, { action, filter: filter.value, reason }, dryRun);
}

/** Removes timers that ended long enough ago. */
export async function cleanUp(
	context: TenantContext,
	{ olderThan, statuses, dryRun = false }: CleanupBody,
): Promise<Result<Reply, HttpFailure>> {
	const age = parseDuration(olderThan);
	if (!age.ok) return refuseField("olderThan", age.error.message);
	const filter: TimerFilter = {
		statuses: statuses ?? ENDED_STATUSES,
		labels: [],
		name: null,
		dueBefore: null,
		dueAfter: null,
		endedBefore: context.tenantNow - age.value,
	};
	return applyToAll(context, { action: "delete", filter, reason: null }, dryRun);
}

type Bulk = {
	readonly action: BulkAction;
	readonly filter: TimerFilter;
	readonly reason: string | null;
};

async function applyToAll(
	context: TenantContext,
	bulk: Bulk,
	dryRun: boolean,
): Promise<Result<Reply, HttpFailure>> {
	const { action, filter, reason } = bulk;
	const parts = await countMatches(context, filter);
	const matched = sumOf(parts.map((part) => part.matched));
	if (dryRun) return reply({ action, matched, changed: 0, dryRun });
	if (matched > LIMITS.bulkSyncTimers) {
		return startJob(context, parts, { ...bulk, matched });
	}
	const done = await Promise.all(
		parts.map(({ home: { stub, call } }) => stub.bulk(call, action, filter, reason)),
	);
	return reply({
		action,
		matched: sumOf(done.map((part) => part.matched)),
		changed: sumOf(done.map((part) => part.changed)),
		dryRun,
	});
}

/** How far a job has come, over all shards that have a part in it. */
export async function readJob(
	context: TenantContext,
	id: string,
): Promise<Result<Job, HttpFailure>> {
	const located = locate(context, "job", id, "The job");
	if (!located.ok) return located;
	const { seq } = located.value;
	const asked = await Promise.all(allHomes(context).map(({ stub }) => stub.job(seq)));
	const parts = asked.filter((part) => part !== null);
	const [first] = parts;
	if (first === undefined) return refuse("not_found", "The job does not exist.");
	return ok({
		jobId: context.ids.job({ shard: JOB_SHARD, seq }),
		action: first.action,
		status: parts.every(({ done }) => done) ? "done" : "running",
		matched: sumOf(parts.map(({ matched }) => matched)),
		processed: sumOf(parts.map(({ processed }) => processed)),
		changed: sumOf(parts.map(({ changed }) => changed)),
	});
}

async function countMatches(context: TenantContext, filter: TimerFilter): Promise<readonly Part[]> {
	const parts = await Promise.all(
		allHomes(context).map(async (home) => ({ home, matched: await home.stub.count(filter) })),
	);
	return parts.filter(({ matched }) => matched > 0);
}

async function startJob(
	context: TenantContext,
	parts: readonly Part[],
	bulk: Bulk & { readonly matched: number },
): Promise<Result<Reply, HttpFailure>> {
	const { action, filter, reason, matched } = bulk;
	const numbering = homeOf(context, JOB_SHARD);
	const seq = await numbering.stub.reserveSequence(numbering.call);
	await Promise.all(
		parts.map(({ home: { stub, call }, matched: share }) =>
			stub.startJob(call, seq, action, filter, reason, share),
		),
	);
	const jobId = context.ids.job({ shard: JOB_SHARD, seq });
	return reply({ jobId, matched }, 202, { location: `/v1/jobs/${jobId}` });
}

function sumOf(numbers: readonly number[]): number {
	return numbers.reduce((sum, one) => sum + one, 0);
}
