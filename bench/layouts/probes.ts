/**
 * The cost of single statements on layout B's tables, which the budget of a timer is added up from.
 * Called by worker.ts on an object that already holds pending timers.
 */

import { SEEK_SLICE, SELECT_SLICE, SELECT_SLICE_IDS } from "./layout-b.ts";
import type { Cost, Meter, SqlValue } from "./meter.ts";

export type Probe = { readonly name: string; readonly cost: Cost };
export type Plan = { readonly name: string; readonly plan: string };

const HEAD = `SELECT due FROM timer WHERE due IS NOT NULL AND (due, id) > (?, ?)
	ORDER BY due, id LIMIT 1`;
/** The same head, for a cursor written without a row value. */
const HEAD_BY_OR = `SELECT due FROM timer
	WHERE due IS NOT NULL AND due >= ?1 AND (due > ?1 OR id > ?2) ORDER BY due, id LIMIT 1`;

/** Runs every probe; `id` names a pending timer and `farDue` a due time after all of them. */
export function probe(sql: Meter, id: number, due: number, farDue: number): readonly Probe[] {
	const events = JSON.stringify(Array.from({ length: 100 }, (_, at) => ["timer.settled", id + at]));
	sql.all(`CREATE TABLE counter (id INTEGER PRIMARY KEY, active INTEGER, created INTEGER);
		INSERT INTO counter VALUES (1, 0, 0);
		CREATE TABLE event_chunk (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);`);
	const list: readonly (readonly [string, string, ...SqlValue[]])[] = [
		["counter row, UPDATE by key", "UPDATE counter SET active = active + ? WHERE id = 1", 100],
		["event chunk, INSERT", "INSERT INTO event_chunk (at, body) VALUES (?, ?)", due, events],
		["event chunk, DELETE by key", "DELETE FROM event_chunk WHERE seq = ?", 1],
		["timer by key", "SELECT doc FROM timer WHERE id = ?", id],
		["timer by key, absent", "SELECT doc FROM timer WHERE id = ?", -1],
		["next due after the cursor (row value)", HEAD, due, id],
		["next due after the cursor (OR)", HEAD_BY_OR, due, id],
		["next due, no cursor", "SELECT min(due) FROM timer WHERE due IS NOT NULL"],
		["reschedule: due moved", "UPDATE timer SET due = ? WHERE id = ?", farDue, id],
		["state changed, due kept", "UPDATE timer SET state = 1 WHERE id = ?", id],
		["settle: due cleared", "UPDATE timer SET due = NULL, state = 2 WHERE id = ?", id],
		["settled row, UPDATE by key", "UPDATE timer SET trail = '[1]' WHERE id = ?", id],
		["settled row, DELETE by key", "DELETE FROM timer WHERE id = ?", id],
		["pending row, DELETE by key", "DELETE FROM timer WHERE id = ?", id + 1],
	];
	return list.map(([name, query, ...bindings]) => ({
		name,
		cost: sql.measure(() => {
			sql.all(query, ...bindings);
		}),
	}));
}

/** How SQLite means to run the queries whose plan decides their cost. */
export function explain(sql: Meter): readonly Plan[] {
	const queries = { SELECT_SLICE, SEEK_SLICE, SELECT_SLICE_IDS, HEAD, HEAD_BY_OR };
	return Object.entries(queries).map(([name, query]) => {
		// `?1` may stand twice for one binding, a bare `?` never does.
		const bindings = new Set(query.match(/\?\d/g)).size || query.split("?").length - 1;
		const zeros = new Array<number>(bindings).fill(0);
		const steps = sql.all(`EXPLAIN QUERY PLAN ${query}`, ...zeros);
		return { name, plan: steps.map((step) => String(step["detail"])).join(" / ") };
	});
}
