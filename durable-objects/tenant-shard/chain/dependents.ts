/**
 * A timer that others wait for: it keeps an edge for each of them, and its end tells them, in its
 * own transaction where they live in this shard and by the outbox where they do not. The
 * dependency's side of an edge; the dependent's is in waiting.ts.
 */
import type { DependencyCondition } from "../../../src/contract/dependency.ts";
import { conditionCode, type DependencyEnd } from "../../../src/core/dependency.ts";
import type { Address } from "../../../src/core/public-id.ts";
import { DEPENDED, RECURRING } from "../../../src/core/timer-flags.ts";
import { EDGES_PER_TRANSACTION } from "../constants.ts";
import { isStep } from "../escalation/stop-escalation.ts";
import type { FiringEnd } from "../firing/end-firing.ts";
import type { Shard } from "../shard.ts";
import type { EdgeRow } from "../statements/dependency.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { dependencyEnded } from "./waiting.ts";

export type Ended = {
	readonly timer: number;
	readonly end: DependencyEnd;
	/** Epoch ms of the end. */
	readonly at: number;
	/** True where the end itself is still to come: those that wait for any end wait on. */
	readonly keepsAlways?: boolean;
};

/** What one transaction tells dependents: their ends are told in turn, not one inside the other. */
type Telling = { readonly waiting: Ended[]; left: number; isRunning: boolean };

const tellings = new WeakMap<Transaction, Telling>();

/**
 * Tells whoever waits for a timer that it has ended. The ends of those follow in the same
 * transaction, up to a bound; the rest is left to the alarm, which goes on from the edges that stand.
 */
export function tellDependents(shard: Shard, tx: Transaction, ended: Ended): void {
	const telling = tellings.get(tx) ?? {
		waiting: [],
		left: EDGES_PER_TRANSACTION,
		isRunning: false,
	};
	tellings.set(tx, telling);
	telling.waiting.push(ended);
	if (telling.isRunning) return;
	telling.isRunning = true;
	for (let next = telling.waiting.shift(); next !== undefined; next = telling.waiting.shift()) {
		tellSome(shard, tx, next, telling);
	}
	telling.isRunning = false;
}

/**
 * A recurring timer has ended, for whoever waits for it, with the next of its firings that is
 * delivered or fails. One that was skipped or cancelled decides nothing, nor does an escalation.
 */
export function tellOfFiring(shard: Shard, tx: Transaction, { row, state }: FiringEnd): void {
	if (state === "skipped" || state === "cancelled") return;
	if (isStep(row)) return;
	const owner = row.parent === null ? row : shard.store.getTimer.first(row.parent);
	// A timer that fires once ends when it has fired by itself, not when somebody runs it.
	if (owner === undefined || (owner.flags & RECURRING) === 0) return;
	if ((owner.flags & DEPENDED) === 0) return;
	tellDependents(shard, tx, { timer: owner.id, end: state, at: tx.tenantNow });
}

function tellSome(shard: Shard, tx: Transaction, ended: Ended, telling: Telling): void {
	const edges = edgesOf(shard, ended, telling.left);
	telling.left -= edges.length;
	for (const edge of edges) tell(shard, tx, ended, edge);
	if (telling.left > 0 || edgesOf(shard, ended, 1).length === 0) return;
	shard.outbox.send(tx, shard.identity.shard, { kind: "tell", ...ended });
}

function edgesOf(shard: Shard, { timer, keepsAlways }: Ended, limit: number): readonly EdgeRow[] {
	const below = conditionCode("always") + (keepsAlways === true ? 0 : 1);
	return limit === 0 ? [] : shard.store.someEdges.all(timer, below, limit);
}

function tell(shard: Shard, tx: Transaction, { timer, end, at }: Ended, edge: EdgeRow): void {
	const home = shard.identity.shard;
	shard.store.deleteEdge.run(timer, edge.shard, edge.dependent);
	const told = {
		dependent: edge.dependent,
		dependency: { shard: home, seq: timer },
		end,
		at,
	};
	if (edge.shard === home) dependencyEnded(shard, tx, told);
	else shard.outbox.send(tx, edge.shard, { kind: "ended", ...told });
}

/** Notes with a timer of this shard that another one waits for its end. */
export function addEdge(
	shard: Shard,
	timer: Pick<TimerRow, "id" | "flags">,
	dependent: Address,
	on: DependencyCondition,
): void {
	const { store, claims } = shard;
	store.insertEdge.run(timer.id, dependent.shard, dependent.seq, conditionCode(on));
	if ((timer.flags & DEPENDED) !== 0) return;
	store.flagTimer.run(timer.flags | DEPENDED, timer.id);
	// What is in flight was claimed when nobody waited for it: its end must be looked at now.
	for (const { open } of claims.holding(timer.id)) {
		for (const claimed of open.values()) if (claimed.timer === timer.id) claimed.simple = false;
	}
}
