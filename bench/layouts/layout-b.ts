/**
 * Layout B, where a claim leaves the timer rows alone, with its variants of the slice query and of
 * settling, and the pieces that other layouts share with it. layouts.ts puts all of them together.
 */

import { type Meter, numberAt } from "./meter.ts";

export type Timer = { readonly id: number; readonly due: number; readonly doc: string };
export type Cursor = { readonly due: number; readonly id: number };

export type Layout = {
	readonly about: string;
	readonly schema: string;
	insert(sql: Meter, timers: readonly Timer[]): void;
	/** Everything due at `now` past the cursor, at most a slice, with one claim row for all of it. */
	claim(sql: Meter, now: number, cursor: Cursor): readonly Timer[];
	settle(sql: Meter, claimed: readonly Timer[]): void;
};

/** Timers created, claimed and settled together: one envelope's worth. */
export const BATCH = 100;
/** Many timers due in the very same millisecond, as a batch of creates with one instant makes. */
export const STORM = 20_000;
/** A slice of the shard's tick: architecture decision 6. */
export const SLICE_ROWS = 200;
export const SETTLED = 2;
export const CLAIM_MS = 110_000;
/** What a settled row keeps of its history: the event chunks that tell of it. */
export const TRAIL = "[1204,1209,1215]";

export const TIMER_TABLE = `CREATE TABLE timer (id INTEGER PRIMARY KEY, due INTEGER, fire_at INTEGER NOT NULL,
	created_at INTEGER NOT NULL, state INTEGER NOT NULL, claim INTEGER, doc TEXT NOT NULL, trail TEXT);
	CREATE INDEX timer_due ON timer (due) WHERE due IS NOT NULL;`;
export const CLAIM_TABLE = `CREATE TABLE claim (id INTEGER PRIMARY KEY, lease_until INTEGER NOT NULL,
	epoch TEXT NOT NULL, ids TEXT NOT NULL);`;

const INSERT =
	"INSERT INTO timer (id, due, fire_at, created_at, state, doc) VALUES (?1, ?2, ?2, ?2, 0, ?3)";
const SETTLE = "UPDATE timer SET due = NULL, state = ?, trail = ? WHERE id = ?";
export const SELECT_SLICE = `SELECT id, due, doc FROM timer
	WHERE due IS NOT NULL AND (due, id) > (?, ?) AND due <= ? ORDER BY due, id LIMIT ${SLICE_ROWS}`;
/** The same slice as two seeks, because the planner uses only `due` of a row value on this index. */
export const SEEK_SLICE = `SELECT id, due, doc FROM (
	SELECT id, due, doc FROM timer WHERE due = ?1 AND id > ?2
	UNION ALL SELECT id, due, doc FROM timer WHERE due > ?1 AND due <= ?3)
	ORDER BY due, id LIMIT ${SLICE_ROWS}`;
export const SELECT_SLICE_IDS = SELECT_SLICE.replace("id, due, doc", "id, due");

export function insertEach(sql: Meter, timers: readonly Timer[]): void {
	for (const { id, due, doc } of timers) sql.all(INSERT, id, due, doc);
}

export function selectSlice(
	sql: Meter,
	query: string,
	now: number,
	cursor: Cursor,
): readonly Timer[] {
	return sql.all(query, cursor.due, cursor.id, now).map((row) => ({
		id: numberAt(row, "id"),
		due: numberAt(row, "due"),
		doc: String(row["doc"]),
	}));
}

export function openClaim(sql: Meter, now: number, timers: readonly Timer[]): void {
	sql.all(
		"INSERT INTO claim (id, lease_until, epoch, ids) VALUES (?, ?, ?, ?)",
		timers[0]?.id ?? 0,
		now + CLAIM_MS,
		"boot",
		JSON.stringify(timers.map(({ id }) => id)),
	);
}

export function closeClaim(sql: Meter, timers: readonly Timer[]): void {
	sql.all("DELETE FROM claim WHERE id = ?", timers[0]?.id ?? 0);
}

export function updateEach(sql: Meter, timers: readonly Timer[]): void {
	for (const { id } of timers) sql.all(SETTLE, SETTLED, TRAIL, id);
	closeClaim(sql, timers);
}

export const B: Layout = {
	about: "claim leaves the timer rows alone; scan goes on from a cursor; UPDATE by key settles",
	schema: TIMER_TABLE + CLAIM_TABLE,
	insert: insertEach,
	claim(sql, now, cursor) {
		const slice = selectSlice(sql, SELECT_SLICE, now, cursor);
		openClaim(sql, now, slice);
		return slice;
	},
	settle: updateEach,
};

export const VARIANTS_OF_B: Readonly<Record<string, Layout>> = {
	"B seek": {
		...B,
		about: "B, but the cursor is two seeks (due = ? AND id > ?, then due > ?), merged",
		claim(sql, now, cursor) {
			const slice = selectSlice(sql, SEEK_SLICE, now, cursor);
			openClaim(sql, now, slice);
			return slice;
		},
	},
	"B two-step": {
		...B,
		about: "B, but ids from the covering index, then each document by key",
		claim(sql, now, cursor) {
			const ids = selectSlice(sql, SELECT_SLICE_IDS, now, cursor);
			const slice = ids.map((timer) => {
				const row = sql.all("SELECT doc FROM timer WHERE id = ?", timer.id)[0];
				return { ...timer, doc: String(row?.["doc"]) };
			});
			openClaim(sql, now, slice);
			return slice;
		},
	},
	"B replace": {
		...B,
		about: "B, but INSERT OR REPLACE settles",
		settle(sql, timers) {
			for (const { id, due, doc } of timers) {
				sql.all(
					`INSERT OR REPLACE INTO timer (id, due, fire_at, created_at, state, doc, trail)
					VALUES (?1, NULL, ?2, ?2, ?3, ?4, ?5)`,
					id,
					due,
					SETTLED,
					doc,
					TRAIL,
				);
			}
			closeClaim(sql, timers);
		},
	},
	"B json_each": {
		...B,
		about: "B, but one statement over json_each inserts the batch and one settles it",
		insert(sql, timers) {
			sql.all(
				`INSERT INTO timer (id, due, fire_at, created_at, state, doc)
				SELECT value ->> 0, value ->> 1, value ->> 1, value ->> 1, 0, value ->> 2
				FROM json_each(?)`,
				JSON.stringify(timers.map(({ id, due, doc }) => [id, due, doc])),
			);
		},
		settle(sql, timers) {
			sql.all(
				`UPDATE timer SET due = NULL, state = ?, trail = outcome.value ->> 1
				FROM json_each(?) AS outcome WHERE timer.id = outcome.value ->> 0`,
				SETTLED,
				JSON.stringify(timers.map(({ id }) => [id, TRAIL])),
			);
			closeClaim(sql, timers);
		},
	},
	"B in": {
		...B,
		about: "B, but settled timers of one outcome share an UPDATE … WHERE id IN (json_each)",
		settle(sql, timers) {
			sql.all(
				`UPDATE timer SET due = NULL, state = ?, trail = coalesce(trail || ',', '') || ?
				WHERE id IN (SELECT value FROM json_each(?))`,
				SETTLED,
				"1215",
				JSON.stringify(timers.map(({ id }) => id)),
			);
			closeClaim(sql, timers);
		},
	},
};
