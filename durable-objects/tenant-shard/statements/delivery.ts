/**
 * The statements of deliveries. Those of one firing are in statements/firing.ts. Part of the store.
 */
import type { Sql } from "../../shared/sql.ts";
import type { DeliveryRow } from "../rows.ts";

export const DELIVERY_COLUMNS = "timer, firing, action, state, due, attempts, settled_at, history";

export function deliveryStatements(sql: Sql) {
	return {
		putDelivery: sql.prepare<
			never,
			[
				timer: number,
				firing: number,
				action: number,
				state: number,
				due: number | null,
				attempts: number,
				settledAt: number | null,
				history: string,
			]
		>(
			`INSERT INTO delivery (${DELIVERY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			 ON CONFLICT DO UPDATE SET state = excluded.state, due = excluded.due,
			 attempts = excluded.attempts, settled_at = excluded.settled_at, history = excluded.history`,
		),
		getDelivery: sql.prepare<DeliveryRow, [timer: number, firing: number, action: number]>(
			`SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE timer = ? AND firing = ? AND action = ?`,
		),
		listDeliveries: sql.prepare<DeliveryRow, [timer: number]>(
			`SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE timer = ? ORDER BY firing, action`,
		),
		deleteDeliveries: sql.prepare<never, [timer: number]>("DELETE FROM delivery WHERE timer = ?"),
		/** Dead letters on from a position; the literal 2 lets the partial index serve it. */
		deadDeliveries: sql.prepare<
			DeliveryRow,
			[settledAt: number, timer: number, firing: number, action: number, limit: number]
		>(
			`SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE state = 2
			 AND (settled_at, timer, firing, action) > (?, ?, ?, ?)
			 ORDER BY settled_at, timer, firing, action LIMIT ?`,
		),
	} as const;
}
