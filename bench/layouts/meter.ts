/**
 * Counts what SQL statements cost: rows read and written as the runtime bills them, and time.
 * Every cursor is exhausted before its counters are read, since they grow while it is stepped.
 * Used by the layouts and probes of this benchmark only; the project's own stores do not pass here.
 */

export type SqlValue = string | number | null;
type Row = Record<string, SqlValue>;

/** The part of a Durable Object's SQL storage that the benchmark touches. */
export type Sql = {
	exec(
		query: string,
		...bindings: readonly SqlValue[]
	): { toArray(): Row[]; readonly rowsRead: number; readonly rowsWritten: number };
	readonly databaseSize: number;
};

export type Cost = { readonly read: number; readonly written: number; readonly ms: number };

export class Meter {
	readonly #sql: Sql;
	#read = 0;
	#written = 0;

	constructor(sql: Sql) {
		this.#sql = sql;
	}

	all(query: string, ...bindings: readonly SqlValue[]): Row[] {
		const cursor = this.#sql.exec(query, ...bindings);
		const rows = cursor.toArray();
		this.#read += cursor.rowsRead;
		this.#written += cursor.rowsWritten;
		return rows;
	}

	/** Runs one phase and answers what it alone cost. */
	measure(phase: () => void): Cost {
		const [read, written, startedAt] = [this.#read, this.#written, performance.now()];
		phase();
		return {
			read: this.#read - read,
			written: this.#written - written,
			ms: performance.now() - startedAt,
		};
	}

	get databaseBytes(): number {
		return this.#sql.databaseSize;
	}
}

/** A column that the schema says is a number; anything else is a bug in the benchmark. */
export function numberAt(row: Row, column: string): number {
	const value = row[column];
	if (typeof value !== "number") throw new TypeError(`${column} is not a number`);
	return value;
}
