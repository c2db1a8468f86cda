/**
 * Typed statements over a Durable Object's SQLite. A store is built from these and nothing else, so
 * that every value is bound and every row has a type. Not a query builder.
 */

export type SqlValue = string | number | null | ArrayBuffer;

/** The part of `DurableObjectStorage` that stores use: a test can give another one. */
export type SqlSource = Pick<DurableObjectStorage, "sql" | "transactionSync">;

/** Rows that a statement read and wrote, as they are billed. */
export type RowCount = { rowsRead: number; rowsWritten: number };

export type Statement<Row, Params extends readonly SqlValue[]> = {
	/** The SQL itself, for whoever wants its plan. */
	readonly text: string;
	readonly all: (...params: Params) => Row[];
	readonly first: (...params: Params) => Row | undefined;
	/** Runs it for its effect; answers how many rows it wrote, indexes included. */
	readonly run: (...params: Params) => number;
};

export type Sql = {
	/** `Params` is a labelled tuple, in the order of the `?` in `text`. */
	readonly prepare: <Row, Params extends readonly SqlValue[] = []>(
		text: string,
	) => Statement<Row, Params>;
	/** Runs `work` whole or not at all. */
	readonly transaction: <T>(work: () => T) => T;
	/** What all statements have read and written so far. */
	readonly count: Readonly<RowCount>;
};

export function createSql(storage: SqlSource): Sql {
	const count: RowCount = { rowsRead: 0, rowsWritten: 0 };

	function prepare<Row, Params extends readonly SqlValue[]>(text: string): Statement<Row, Params> {
		function exec(params: Params) {
			const cursor = storage.sql.exec<Record<string, SqlStorageValue>>(text, ...params);
			// The columns of `text` are declared by the caller as `Row`; SQLite has no types to check.
			const rows = cursor.toArray() as Row[];
			count.rowsRead += cursor.rowsRead;
			count.rowsWritten += cursor.rowsWritten;
			return { rows, written: cursor.rowsWritten };
		}
		return {
			text,
			all: (...params) => exec(params).rows,
			first: (...params) => exec(params).rows[0],
			run: (...params) => exec(params).written,
		};
	}

	return { prepare, transaction: (work) => storage.transactionSync(work), count };
}
