/**
 * What may keep a due firing from starting. A timer whose document asks for it has the GUARDED flag,
 * and each guard is asked, in order, before its actions are claimed; plain timers pay nothing.
 */
import type { JsonObject } from "../../../src/contract/json.ts";
import type { SkipReason } from "../../../src/core/firing/skip-reason.ts";
import { parseTimerDoc, type TimerDoc } from "../../../src/core/timer-doc.ts";
import { GUARDED } from "../../../src/core/timer-flags.ts";
import { takeTurn } from "../concurrency/turns.ts";
import { beginStep, watchAcknowledgement } from "../escalation/escalate.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { askConditions } from "./guard-conditions.ts";
import { stopAtEnd } from "./guard-end.ts";
import { keepWithinGrace } from "./guard-misfire.ts";
import { handOver } from "./guard-overlap.ts";

export type Start =
	/** It starts. */
	| { readonly kind: "fire" }
	/** This firing is left out; a one-shot timer ends with that. */
	| { readonly kind: "skip"; readonly reason: SkipReason; readonly data: JsonObject }
	/** It is due again at `due` (epoch ms), or when `wakeRow` says so. */
	| { readonly kind: "wait"; readonly due: number | null }
	/** The guard has written the row itself, and has made it due as it must be. */
	| { readonly kind: "moved" };

/** Undefined lets the next guard say. */
export type Guard = (
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	doc: TimerDoc,
) => Start | undefined;

/**
 * In this order: a firing that is handed over is guarded as the row it becomes, and what starts an
 * escalation comes last, since it does so only for a firing that starts.
 */
const GUARDS: readonly Guard[] = [
	stopAtEnd,
	keepWithinGrace,
	handOver,
	takeTurn,
	askConditions,
	watchAcknowledgement,
	beginStep,
];

const FIRE: Start = { kind: "fire" };

/** @param row as it is stored, due now and not yet begun */
export function decideStart(shard: Shard, tx: Transaction, row: TimerRow): Start {
	if ((row.flags & GUARDED) === 0) return FIRE;
	const doc = parseTimerDoc(row.doc);
	for (const guard of GUARDS) {
		const start = guard(shard, tx, row, doc);
		if (start !== undefined && start.kind !== "fire") return start;
	}
	return FIRE;
}
