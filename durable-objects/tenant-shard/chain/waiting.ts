/**
 * A timer that waits for others: how it begins to, what the end of one of them does to it, and how
 * it goes on. The dependent's side of an edge; the dependency's is in dependents.ts. Every step is
 * taken in the transaction of its cause, and one that is taken twice changes nothing.
 */
import {
	conditionCode,
	conditionOf,
	type DependencyEnd,
	dueOrNever,
	endOfUnsatisfied,
	isSatisfied,
	NO_INSTANT,
	releasedDue,
} from "../../../src/core/dependency.ts";
import { eventScheduleOf } from "../../../src/core/event-schedule.ts";
import type { Address } from "../../../src/core/public-id.ts";
import { err, ok, type Result } from "../../../src/core/result.ts";
import { formatTimerDoc, parseTimerDoc, type TimerDoc } from "../../../src/core/timer-doc.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { formatTrail } from "../../../src/core/trail.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { endTimer } from "../firing/end-timer.ts";
import { findTimer } from "../firing/firing-rows.ts";
import { effectiveAt, placeAt, skipTo } from "../firing/reschedule.ts";
import type { NewDependency, NewTimer, ShardError } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { AwaitedRow } from "../statements/dependency.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { addEdge } from "./dependents.ts";

/** What a new timer finds of its dependencies. */
export type Prospect = {
	/** What it has to wait for. */
	readonly open: readonly NewDependency[];
	/** One that has ended otherwise than asked. */
	readonly broken: { readonly dependency: NewDependency; readonly end: DependencyEnd } | null;
};

/** The end of a dependency, as the dependent's shard is told it. */
export type EndOfDependency = {
	readonly dependent: number;
	readonly dependency: Address;
	readonly end: DependencyEnd;
	/** Epoch ms of it. */
	readonly at: number;
};

/** Looks at the dependencies of this shard; whether others exist, the edge has asked their shards. */
export function prospectOf(
	shard: Shard,
	dependsOn: readonly NewDependency[],
): Result<Prospect, ShardError> {
	const open: NewDependency[] = [];
	let broken: Prospect["broken"] = null;
	for (const dependency of dependsOn) {
		const isLocal = dependency.shard === shard.identity.shard;
		const row = isLocal ? findTimer(shard, dependency.seq) : undefined;
		if (isLocal && row === undefined) {
			return err({ code: "unknown_dependency", path: dependency.path });
		}
		const end = row === undefined ? undefined : timerStateOf(row.state);
		if (end === undefined || !isEnded(end)) open.push(dependency);
		else if (!isSatisfied(dependency.on, end)) broken ??= { dependency, end };
	}
	return ok({ open, broken });
}

/** Whether a timer with this prospect is other than scheduled. */
export function isWaiting({ open, broken }: Prospect): boolean {
	return open.length > 0 || broken !== null;
}

/** When a new timer is due: what does not have to wait counts from its creation. */
export function firstDueOf(
	prospect: Prospect,
	timer: Pick<NewTimer, "dueAt" | "doc">,
	createdAt: number,
): number {
	const { delayMs, schedule } = parseTimerDoc(timer.doc);
	if (!isWaiting(prospect)) return releasedDue(createdAt, delayMs, timer.dueAt);
	return schedule === undefined ? timer.dueAt : NO_INSTANT;
}

/** What a timer that was created pending waits for; or its end, where waiting has become vain. */
export function beginWaiting(
	shard: Shard,
	tx: Transaction,
	row: Pick<TimerRow, "id" | "flags">,
	{ open, broken }: Prospect,
): void {
	const { store, identity } = shard;
	if (broken !== null) {
		const { dependency, end } = broken;
		endVainly(shard, tx, row, dependency, end);
		return;
	}
	const dependent = { shard: identity.shard, seq: row.id };
	for (const { shard: home, seq, on } of open) {
		store.insertAwaited.run(row.id, home, seq, conditionCode(on), null);
		const dependency = home === identity.shard ? store.getTimer.first(seq) : undefined;
		if (dependency !== undefined) addEdge(shard, dependency, dependent, on);
		else shard.outbox.send(tx, home, { kind: "depend", dependency: seq, dependent, on });
	}
}

/** A dependency has ended: one thing less to wait for, or the end of the dependent. */
export function dependencyEnded(shard: Shard, tx: Transaction, ended: EndOfDependency): void {
	const { dependent, dependency, end } = ended;
	const awaited = shard.store.listAwaited.all(dependent);
	const edge = awaited.find(
		(one) => one.shard === dependency.shard && one.dependency === dependency.seq,
	);
	// Told twice, or the dependent has ended meanwhile.
	if (edge === undefined || edge.satisfied_at !== null) return;
	const row = shard.store.getTimer.first(dependent);
	if (row === undefined) return;
	if (!isSatisfied(conditionOf(edge.condition), end)) {
		stopWaiting(shard, row.id, awaited);
		endVainly(shard, tx, row, { ...dependency, on: conditionOf(edge.condition) }, end);
		return;
	}
	// What has ended before the dependent was made counts from when that was made.
	const at = Math.max(ended.at, row.created_at);
	const others = awaited.filter((one) => one !== edge);
	if (others.some((one) => one.satisfied_at === null)) {
		shard.store.satisfyAwaited.run(at, dependent, dependency.shard, dependency.seq);
		return;
	}
	shard.store.deleteAwaited.run(dependent);
	const readyAt = others.reduce((latest, one) => Math.max(latest, one.satisfied_at ?? 0), at);
	release(shard, tx, row, readyAt);
}

/** Forgets what a timer that has ended, or is about to, was waiting for. */
export function stopWaiting(
	shard: Shard,
	timer: number,
	awaited: readonly AwaitedRow[] = shard.store.listAwaited.all(timer),
): void {
	if (awaited.length === 0) return;
	const home = shard.identity.shard;
	for (const one of awaited) {
		// An edge of another shard is dropped when its dependency ends: nothing answers to it here.
		if (one.shard === home) shard.store.deleteEdge.run(one.dependency, home, timer);
	}
	shard.store.deleteAwaited.run(timer);
}

/** The dependent's own time begins to run; one that is paused fires once it is resumed. */
function release(shard: Shard, tx: Transaction, row: TimerRow, readyAt: number): void {
	const doc = released(parseTimerDoc(row.doc));
	const { delayMs } = doc;
	const listens = eventScheduleOf(doc.schedule);
	const isScheduled = delayMs === undefined && row.fire_at === NO_INSTANT && !listens;
	// Of what waits for events no instant is known but its end.
	const nominal = listens
		? (listens.endAt ?? NO_INSTANT)
		: releasedDue(readyAt, delayMs, row.fire_at);
	const dueAt = effectiveAt(shard, row.id, doc, nominal);
	const data = { ...(!isScheduled && { dueAt: dueOrNever(dueAt) }), reason: "dependencies_ended" };
	const isFull = unpackFlags(row.flags).fidelity === "full";
	const trail = isFull ? formatTrail([["c", tx.event("timer.updated", row.id, data)]]) : "";
	if (isScheduled) {
		shard.store.putDoc.run(formatTimerDoc(doc), row.id);
		// An occurrence at this very instant is the first.
		skipTo(shard, tx, { ...row, doc: formatTimerDoc(doc) }, readyAt - 1, trail);
		return;
	}
	placeAt(shard, tx, row, doc, { nominal, notBefore: null, trail });
	if (doc.pause !== undefined) shard.store.putDoc.run(formatTimerDoc(doc), row.id);
}

/** Paused as it may be, it waits for nothing any more. */
function released({ pause, ...doc }: TimerDoc): TimerDoc {
	if (pause === undefined) return doc;
	const { pending: _, ...rest } = pause;
	return { ...doc, pause: rest };
}

/** Ends a dependent that can no longer be satisfied, and says which dependency decided it. */
function endVainly(
	shard: Shard,
	tx: Transaction,
	row: Pick<TimerRow, "id" | "flags">,
	{ shard: home, seq, on }: Pick<NewDependency, "shard" | "seq" | "on">,
	end: DependencyEnd,
): void {
	const { env, identity } = shard;
	const dependency = idSpaceOf(env, identity.tenant).timer({ shard: home, seq });
	const state = endOfUnsatisfied(end);
	endTimer(shard, tx, {
		timer: row.id,
		flags: row.flags,
		state,
		wasActive: true,
		before: "",
		...(state === "cancelled" && { reason: `${dependency}, on which it depends, was ${end}` }),
		data: { reason: "dependency", dependency, state: end, on },
	});
}
