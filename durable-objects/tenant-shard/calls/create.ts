/** Creating timers: one by one in group commits, or a whole batch in one transaction. */
import { NO_INSTANT } from "../../../src/core/dependency.ts";
import { firingOffsetMs } from "../../../src/core/firing/offset.ts";
import { linkRoot } from "../../../src/core/graph-docs.ts";
import { err, ok, type Result } from "../../../src/core/result.ts";
import { homeOfKey, shardsAt } from "../../../src/core/shard-count.ts";
import { formatTimerDoc, parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { createNodes, idsOfGraph } from "../chain/create-graph.ts";
import { beginWaiting, firstDueOf, isWaiting, prospectOf } from "../chain/waiting.ts";
import { askForPolicy } from "../clock/ask-policy.ts";
import { countCreate, submitWithRoom } from "../quota.ts";
import type {
	BatchCreated,
	BatchItemCreated,
	BatchItemFailure,
	Created,
	CreatedStanding,
	IdempotencyClaim,
	NewGraph,
	NewTimer,
	Quota,
	ShardCall,
	ShardError,
} from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { answerDuplicate, windowEnd } from "./duplicate.ts";
import { recordOf } from "./record.ts";
import { holdDedupeKey, holderOf, lookUpIdempotency, storeAnswer } from "./unique-keys.ts";
import { creationOf, nextSeq, writeTimer } from "./write-timer.ts";

type StoredCreate = Pick<Created, "seq" | "createdAt" | "dueAt" | "readAt" | "standing"> & {
	readonly existing?: true;
};
type StoredBatch = Pick<BatchCreated, "created" | "failed" | "createdAt">;

export async function createTimer(
	shard: Shard,
	call: ShardCall,
	timer: NewTimer,
	idempotency: IdempotencyClaim | null,
): Promise<Result<Created, ShardError>> {
	await shard.prepare(call);
	return submitWithRoom(shard, timersOf(timer), (tx) =>
		createInside(shard, tx, call, timer, idempotency),
	);
}

function createInside(
	shard: Shard,
	tx: Transaction,
	call: ShardCall,
	timer: NewTimer,
	idempotency: IdempotencyClaim | null,
): Result<Created, ShardError> {
	if (idempotency !== null) {
		const known = findCreated(shard, idempotency, tx.now);
		if (!known.ok) return known;
		if (known.value !== null) return ok(known.value);
	}
	const inserted = insert(shard, tx, call, timer, idempotency?.key ?? null);
	if (!inserted.ok) return inserted;
	if (idempotency !== null) {
		const { kind, seq, createdAt, dueAt, standing } = inserted.value;
		const { readAt } = idempotency;
		const existing = kind === "existing" ? ({ existing: true } as const) : {};
		const stored: StoredCreate = {
			seq,
			createdAt,
			dueAt,
			...(readAt !== undefined && { readAt }),
			...(standing !== undefined && { standing }),
			...existing,
		};
		storeAnswer(shard, idempotency, JSON.stringify(stored), tx.now);
	}
	return inserted;
}

/** What a create was answered with under this key; null when the key is free. */
export function findCreated(
	shard: Shard,
	idempotency: IdempotencyClaim,
	now: number,
): Result<Created | null, ShardError> {
	const known = lookUpIdempotency(shard, idempotency, now);
	if (!known.ok) return known;
	if (known.value === null) return ok(null);
	// Only `createInside` writes this text.
	const { existing, ...stored } = JSON.parse(known.value) as StoredCreate;
	const row = existing === true ? shard.store.getTimer.first(stored.seq) : undefined;
	const timer = row === undefined ? null : recordOf(shard, row);
	const kind = timer === null ? "replayed" : "existing";
	return ok({ kind, ...stored, timer, quota: null });
}

/** The same of a batch. */
export function findBatch(
	shard: Shard,
	idempotency: IdempotencyClaim,
	now: number,
): Result<BatchCreated | null, ShardError> {
	const known = lookUpIdempotency(shard, idempotency, now);
	if (!known.ok) return known;
	if (known.value === null) return ok(null);
	// Only `createTimers` writes this text.
	const stored = JSON.parse(known.value) as StoredBatch;
	return ok({ kind: "replayed", ...stored, quota: null });
}

export async function createTimers(
	shard: Shard,
	call: ShardCall,
	timers: readonly { readonly index: number; readonly timer: NewTimer }[],
	idempotency: IdempotencyClaim | null,
): Promise<Result<BatchCreated, ShardError>> {
	await shard.prepare(call);
	const wanted = timers.reduce((sum, { timer }) => sum + timersOf(timer), 0);
	return submitWithRoom(shard, wanted, (tx) => {
		if (idempotency !== null) {
			const known = findBatch(shard, idempotency, tx.now);
			if (!known.ok) return known;
			if (known.value !== null) return ok(known.value);
		}
		const created: BatchItemCreated[] = [];
		const failed: BatchItemFailure[] = [];
		for (const { index, timer } of timers) {
			const inserted = insert(shard, tx, call, timer, null);
			if (!inserted.ok) {
				failed.push({ index, error: inserted.error });
				continue;
			}
			const { kind, seq } = inserted.value;
			created.push({ index, seq, ...(kind === "existing" && { existing: true }) });
		}
		const batch: StoredBatch = { created, failed, createdAt: tx.tenantNow };
		// A batch that was refused whole may be tried again under its key, as a single create may.
		if (idempotency !== null && (created.length > 0 || failed.length === 0)) {
			storeAnswer(shard, idempotency, JSON.stringify(batch), tx.now);
		}
		return ok({ kind: "created", ...batch, quota: quotaOf(shard, tx) });
	});
}

/**
 * A growth moves keys to new homes at one instant. A create that was sent to the old home before it
 * and comes after it is refused: the new home may have looked here already, and found nothing. A
 * timer that has the key answers wherever it lives.
 */
const MOVED: ShardError = {
	code: "unavailable",
	detail: "The tenant has just grown, and this key's home has moved. Send the request again.",
};

function isHomeOf(shard: Shard, key: string, now: number): boolean {
	return homeOfKey(key, shardsAt(shard.config.shardSteps, now)) === shard.identity.shard;
}

/** @param idempotencyKey where the request was sent by it, unless a dedupe key decided */
function insert(
	shard: Shard,
	tx: Transaction,
	call: ShardCall,
	timer: NewTimer,
	idempotencyKey: string | null,
): Result<Created, ShardError> {
	if (timer.dedupeKey !== null) {
		const holder = holderOf(shard, timer.dedupeKey, tx.now);
		if (holder !== undefined) {
			const held = answerDuplicate(shard, tx, call, holder, timer);
			return held.ok ? ok(existing(shard, tx, held.value)) : held;
		}
	}
	const key = timer.dedupeKey ?? idempotencyKey;
	if (key !== null && !isHomeOf(shard, key, tx.now)) return err(MOVED);
	const prospect = timer.dependsOn === undefined ? null : prospectOf(shard, timer.dependsOn);
	if (prospect?.ok === false) return prospect;
	const { graph, firing } = timer;
	const refused = countCreate(shard, tx, timersOf(timer));
	if (refused !== undefined) return err(refused);

	askForPolicy(shard, tx, timer.jitterPolicy);
	const seq = nextSeq(tx);
	const createdAt = creationOf(tx);
	const isPending = prospect !== null && isWaiting(prospect.value);
	const nominalAt = prospect === null ? timer.dueAt : firstDueOf(prospect.value, timer, createdAt);
	const seed = { shard: shard.identity.shard, timer: seq };
	const hasOffset = firing !== undefined && !isPending && nominalAt !== NO_INSTANT;
	const dueAt = nominalAt + (hasOffset ? firingOffsetMs(firing, seed, nominalAt) : 0);
	const doc = graph === undefined ? timer.doc : linkedDoc(shard, timer.doc, seq, graph);
	writeTimer(shard, tx, call, { ...timer, doc, nominalAt, dueAt, isPending });
	if (timer.dedupeKey !== null) {
		holdDedupeKey(shard, timer.dedupeKey, seq, windowEnd(timer.dedupe, tx.now));
	}
	if (graph !== undefined) createNodes(shard, tx, call, seq, graph, prospect?.value ?? null);
	const created = { kind: "created", seq, createdAt, dueAt, timer: null } as const;
	if (prospect === null || !isPending) return ok({ ...created, quota: quotaOf(shard, tx) });
	beginWaiting(shard, tx, { id: seq, flags: timer.flags }, prospect.value);
	const standing = standingOf(shard, seq);
	return ok({ ...created, standing, quota: quotaOf(shard, tx) });
}

/** How many timers a create makes. */
function timersOf({ graph }: NewTimer): number {
	return 1 + (graph?.nodes.length ?? 0);
}

function linkedDoc(shard: Shard, doc: string, root: number, graph: NewGraph): string {
	return formatTimerDoc(linkRoot(parseTimerDoc(doc), graph, idsOfGraph(shard, root)));
}

function standingOf(shard: Shard, seq: number): CreatedStanding {
	const row = shard.store.getTimer.first(seq);
	if (row === undefined) throw new Error(`Timer ${seq} was created and is not there.`);
	const { status, version, cancelReason, skipReason } = recordOf(shard, row);
	return { status, version, cancelReason, skipReason };
}

function existing(shard: Shard, tx: Transaction, row: TimerRow): Created {
	return {
		kind: "existing",
		seq: row.id,
		createdAt: row.created_at,
		dueAt: row.fire_at,
		timer: recordOf(shard, row),
		quota: quotaOf(shard, tx),
	};
}

function quotaOf(shard: Shard, tx: Transaction): Quota | null {
	const limit = shard.plan.activeTimers;
	return limit === null ? null : { limit, used: Math.min(limit, tx.counter.active) };
}
