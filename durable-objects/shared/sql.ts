/**
 * Typed statements over a Durable Object's SQLite. A store is built from these and nothing else, so
 * that every value is bound and every row has a type. Not a query builder.
 */

export type SqlValue = string | number | null | ArrayBuffer;

/** The part of `DurableObjectStorage` that stores use: a test can give another one. */
export type SqlSource = Pick<DurableObjectStorage, "sql" | "transactionSync">;

export type Statement<Row, Params extends readonly SqlValue[]> = {
	/** The SQL itself, for whoever wants its plan. */
	readonly text: string;
	readonly all: (...params: Params) => Row[];
	readonly first: (...params: Params) => Row | undefined;
	/** Runs it for its effect. */
	readonly run: (...params: Params) => void;
};

export type Sql = {
	/** `Params` is a labelled tuple, in the order of the `?` in `text`. */
	readonly prepare: <Row, Params extends readonly SqlValue[] = []>(
		text: string,
	) => Statement<Row, Params>;
	/** Runs `work` whole or not at all. */
	readonly transaction: <T>(work: () => T) => T;
};

export function createSql(storage: SqlSource): Sql {
	const { sql } = storage;

	function prepare<Row, Params extends readonly SqlValue[]>(text: string): Statement<Row, Params> {
		// The columns of `text` are declared by the caller as `Row`; SQLite has no types to check.
		const rowsOf = (params: Params) => sql.exec(text, ...params).toArray() as Row[];
		return {
			text,
			all: (...params) => rowsOf(params),
			first: (...params) => rowsOf(params)[0],
			run: (...params) => {
				sql.exec(text, ...params);
			},
		};
	}

	return { prepare, transaction: (work) => storage.transactionSync(work) };
}
