/**
 * An event has come in: every timer of the shard that listens to its topic is told of it, a slice in
 * each transaction. Called by the shard that it was published in, and by the outbox in all others.
 */

import { eventScheduleOf } from "../../../src/core/event-schedule.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { timerStateOf } from "../../../src/core/timer-state.ts";
import type { TopicEvent } from "../../../src/core/topic-event.ts";
import {
	EVENT_LISTENERS_SLICE,
	EVENT_SEEN_MS,
	SEEN_DROPPED,
	WINDOWS_DROPPED,
} from "../constants.ts";
import type { ShardMessage } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { Transaction } from "../transaction.ts";
import { fireOnEvent } from "./fire-on-event.ts";
import { rememberEvent } from "./topics.ts";

/** From the outbox: an event of another shard, which may come twice, or the rest of a long slice. */
export function receiveEvent(
	shard: Shard,
	tx: Transaction,
	{ event, after }: Extract<ShardMessage, { kind: "event" }>,
): null {
	if (after === 0) {
		if (shard.store.getSeen.first(event.id) !== undefined) return null;
		shard.store.putSeen.run(event.id, tx.now);
		shard.store.deleteOldSeen.run(tx.now - EVENT_SEEN_MS, SEEN_DROPPED);
		rememberEvent(shard, event);
	}
	tellListeners(shard, tx, event, after);
	return null;
}

/** @param after the last timer that was told */
export function tellListeners(
	shard: Shard,
	tx: Transaction,
	event: TopicEvent,
	after: number,
): void {
	const { store, identity } = shard;
	store.deleteEndedWindows.run(tx.tenantNow, WINDOWS_DROPPED);
	const listeners = store.listenersAfter.all(event.topic, after, EVENT_LISTENERS_SLICE);
	for (const { timer } of listeners) tell(shard, tx, timer, event);
	const last = listeners.at(-1);
	if (last !== undefined && listeners.length === EVENT_LISTENERS_SLICE) {
		shard.outbox.send(tx, identity.shard, { kind: "event", event, after: last.timer });
	}
}

function tell(shard: Shard, tx: Transaction, timer: number, event: TopicEvent): void {
	const row = shard.store.getTimer.first(timer);
	// Paused, waiting for others, or with its last firing under way, it hears nothing.
	if (row === undefined || timerStateOf(row.state) !== "scheduled") return;
	const doc = parseTimerDoc(row.doc);
	const schedule = eventScheduleOf(doc.schedule);
	if (schedule !== undefined) fireOnEvent(shard, tx, row, doc, schedule, event);
}
