/**
 * The statements of timers that fire more than once: moving a timer to its next firing, and the
 * rows of firings that a timer's own row does not stand for. Part of the store.
 */
import type { Sql } from "../../shared/sql.ts";
import type { DeliveryRow, TimerRow } from "../rows.ts";
import { DELIVERY_COLUMNS } from "./delivery.ts";
import { TIMER_COLUMNS } from "./timer.ts";

export function firingStatements(sql: Sql) {
	return {
		/** A timer at its next firing. */
		scheduleTimer: sql.prepare<
			never,
			[
				lane: number,
				due: number | null,
				fireAt: number,
				nominal: number | null,
				state: number,
				firing: number,
				lastFiring: number,
				remaining: number | null,
				fired: number,
				trail: string,
				id: number,
			]
		>(
			`UPDATE timer SET lane = ?, due = ?, fire_at = ?, nominal = ?, state = ?, firing = ?,
			 last_firing = ?, remaining = ?, fired = ?, version = version + 1, trail = ? WHERE id = ?`,
		),
		/** What a firing row leaves with its timer when it ends. */
		noteFiring: sql.prepare<
			never,
			[state: number, lastFiring: number, fired: number, trail: string, id: number]
		>(
			"UPDATE timer SET state = ?, last_firing = ?, fired = ?, version = version + 1, trail = ? WHERE id = ?",
		),
		setRemaining: sql.prepare<never, [remaining: number | null, id: number]>(
			"UPDATE timer SET remaining = ? WHERE id = ?",
		),
		setFlags: sql.prepare<never, [flags: number, id: number]>(
			"UPDATE timer SET flags = ? WHERE id = ?",
		),
		insertFiring: sql.prepare<
			never,
			[
				id: number,
				lane: number,
				due: number | null,
				fireAt: number,
				nominal: number | null,
				createdAt: number,
				state: number,
				flags: number,
				doc: string,
				trail: string,
				firing: number,
				fired: number,
				parent: number,
			]
		>(
			`INSERT INTO timer (id, lane, due, fire_at, nominal, created_at, state, flags, version, doc,
			 trail, firing, fired, parent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`,
		),
		getFiring: sql.prepare<TimerRow, [timer: number, firing: number]>(
			`SELECT ${TIMER_COLUMNS} FROM timer WHERE parent = ? AND firing = ?`,
		),
		listFirings: sql.prepare<TimerRow, [timer: number]>(
			`SELECT ${TIMER_COLUMNS} FROM timer WHERE parent = ? ORDER BY firing`,
		),
		anyFiring: sql.prepare<{ id: number }, [timer: number]>(
			"SELECT id FROM timer WHERE parent = ? LIMIT 1",
		),
		deleteFirings: sql.prepare<never, [timer: number]>("DELETE FROM timer WHERE parent = ?"),
		firingDeliveries: sql.prepare<DeliveryRow, [timer: number, firing: number]>(
			`SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE timer = ? AND firing = ? ORDER BY action`,
		),
		deleteFiringDeliveries: sql.prepare<never, [timer: number, firing: number]>(
			"DELETE FROM delivery WHERE timer = ? AND firing = ?",
		),
		/** Deliveries of firings long ended, but of those that hold a dead letter: it may be replayed. */
		deleteOldDeliveries: sql.prepare<never, [timer: number, before: number]>(
			`DELETE FROM delivery WHERE timer = ? AND firing < ? AND NOT EXISTS (
				SELECT 1 FROM delivery AS other WHERE other.timer = delivery.timer
				AND other.firing = delivery.firing AND other.state NOT IN (1, 3))
			AND NOT EXISTS (
				SELECT 1 FROM timer AS open WHERE open.parent = delivery.timer
				AND open.firing = delivery.firing)
			AND NOT EXISTS (
				SELECT 1 FROM timer AS own WHERE own.id = delivery.timer
				AND own.firing = delivery.firing)`,
		),
	} as const;
}
