/**
 * The storage layouts under comparison. Each does the same work: insert pending timers, claim the
 * slice that is due, settle what was claimed. None is the shard's store; the chosen one is written
 * there. Called by worker.ts inside a Durable Object.
 */

import {
	B,
	CLAIM_MS,
	CLAIM_TABLE,
	closeClaim,
	insertEach,
	type Layout,
	openClaim,
	SELECT_SLICE,
	SETTLED,
	SLICE_ROWS,
	selectSlice,
	TIMER_TABLE,
	TRAIL,
	updateEach,
	VARIANTS_OF_B,
} from "./layout-b.ts";

/** A claim that also writes every row it takes, with `set` as the change. */
function claimingRows(about: string, set: string): Layout {
	return {
		...B,
		about,
		claim(sql, now, cursor) {
			const slice = B.claim(sql, now, cursor);
			for (const { id } of slice) sql.all(`UPDATE timer SET ${set} WHERE id = ?`, now, id);
			return slice;
		},
	};
}

const C: Layout = {
	about: "due(due, id) WITHOUT ROWID beside timer(id); claim deletes the due row",
	schema: `CREATE TABLE due (due INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (due, id))
		WITHOUT ROWID; ${TIMER_TABLE.replace(/CREATE INDEX.*/, "")}${CLAIM_TABLE}`,
	insert(sql, timers) {
		insertEach(sql, timers);
		for (const { due, id } of timers) sql.all("INSERT INTO due (due, id) VALUES (?, ?)", due, id);
	},
	claim(sql, now, cursor) {
		const slice = selectSlice(
			sql,
			`SELECT due.id, due.due, doc FROM due CROSS JOIN timer ON timer.id = due.id
			WHERE (due.due, due.id) > (?, ?) AND due.due <= ? ORDER BY 2, 1 LIMIT ${SLICE_ROWS}`,
			now,
			cursor,
		);
		for (const { due, id } of slice) sql.all("DELETE FROM due WHERE due = ? AND id = ?", due, id);
		openClaim(sql, now, slice);
		return slice;
	},
	settle: updateEach,
};

export const LAYOUTS: Readonly<Record<string, Layout>> = {
	A: claimingRows("claim sets due = NULL and the claim in every row", "due = NULL, claim = ?"),
	A2: claimingRows("claim moves due to the lease's end in every row", `due = ? + ${CLAIM_MS}`),
	B,
	...VARIANTS_OF_B,
	C,
	"C late": {
		...C,
		about: "C, but the due row is deleted when the timer settles",
		claim(sql, now, cursor) {
			const slice = selectSlice(
				sql,
				`SELECT due.id, due.due, doc FROM due CROSS JOIN timer ON timer.id = due.id
				WHERE (due.due, due.id) > (?, ?) AND due.due <= ? ORDER BY 2, 1 LIMIT ${SLICE_ROWS}`,
				now,
				cursor,
			);
			openClaim(sql, now, slice);
			return slice;
		},
		settle(sql, timers) {
			for (const { due, id } of timers) {
				sql.all("DELETE FROM due WHERE due = ? AND id = ?", due, id);
			}
			updateEach(sql, timers);
		},
	},
	D: {
		...B,
		about: "B with the document in a table of its own",
		schema: `${TIMER_TABLE.replace("doc TEXT NOT NULL,", "")}${CLAIM_TABLE}
			CREATE TABLE timer_doc (id INTEGER PRIMARY KEY, doc TEXT NOT NULL);`,
		insert(sql, timers) {
			for (const { id, due, doc } of timers) {
				sql.all(
					"INSERT INTO timer (id, due, fire_at, created_at, state) VALUES (?1, ?2, ?2, ?2, 0)",
					id,
					due,
				);
				sql.all("INSERT INTO timer_doc (id, doc) VALUES (?, ?)", id, doc);
			}
		},
		claim(sql, now, cursor) {
			const slice = selectSlice(
				sql,
				`SELECT timer.id, due, doc FROM timer CROSS JOIN timer_doc ON timer_doc.id = timer.id
				WHERE due IS NOT NULL AND (due, timer.id) > (?, ?) AND due <= ?
				ORDER BY due, timer.id LIMIT ${SLICE_ROWS}`,
				now,
				cursor,
			);
			openClaim(sql, now, slice);
			return slice;
		},
	},
	E: {
		...B,
		about: "pending rows clustered by (due, id), found by an id index; settling moves the row",
		schema: `CREATE TABLE pending (due INTEGER NOT NULL, id INTEGER NOT NULL,
			created_at INTEGER NOT NULL, state INTEGER NOT NULL, doc TEXT NOT NULL,
			PRIMARY KEY (due, id)) WITHOUT ROWID; CREATE UNIQUE INDEX pending_id ON pending (id);
			CREATE TABLE settled (id INTEGER PRIMARY KEY, fire_at INTEGER NOT NULL,
			state INTEGER NOT NULL, doc TEXT NOT NULL, trail TEXT NOT NULL); ${CLAIM_TABLE}`,
		insert(sql, timers) {
			for (const { id, due, doc } of timers) {
				sql.all(
					"INSERT INTO pending (due, id, created_at, state, doc) VALUES (?1, ?2, ?1, 0, ?3)",
					due,
					id,
					doc,
				);
			}
		},
		claim(sql, now, cursor) {
			const slice = selectSlice(
				sql,
				SELECT_SLICE.replace("FROM timer", "FROM pending"),
				now,
				cursor,
			);
			openClaim(sql, now, slice);
			return slice;
		},
		settle(sql, timers) {
			for (const { due, id, doc } of timers) {
				sql.all("DELETE FROM pending WHERE due = ? AND id = ?", due, id);
				sql.all(
					"INSERT INTO settled (id, fire_at, state, doc, trail) VALUES (?, ?, ?, ?, ?)",
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
};
