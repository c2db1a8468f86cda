/** Counts what an object's storage is billed for: rows read and written, alarms set. */

export type Meter = {
	rowsRead: number;
	rowsWritten: number;
	alarms: number;
	transactions: number;
};

export function meterStorage(storage: DurableObjectStorage, meter: Meter): void {
	const { sql } = storage;
	const exec = sql.exec.bind(sql);
	const setAlarm = storage.setAlarm.bind(storage);
	const transactionSync = storage.transactionSync.bind(storage);
	Object.defineProperty(sql, "exec", {
		value: (query: string, ...values: unknown[]) => {
			const cursor = exec(query, ...values);
			let counted = { read: 0, written: 0 };
			const count = () => {
				meter.rowsRead += cursor.rowsRead - counted.read;
				meter.rowsWritten += cursor.rowsWritten - counted.written;
				counted = { read: cursor.rowsRead, written: cursor.rowsWritten };
			};
			// A statement without rows has done its work now, one with rows when they are taken.
			count();
			const toArray = cursor.toArray.bind(cursor);
			Object.defineProperty(cursor, "toArray", {
				value: () => {
					const rows = toArray();
					count();
					return rows;
				},
			});
			return cursor;
		},
	});
	Object.defineProperty(storage, "setAlarm", {
		value: (at: number | Date) => {
			meter.alarms += 1;
			return setAlarm(at);
		},
	});
	Object.defineProperty(storage, "transactionSync", {
		value: <T>(work: () => T) => {
			meter.transactions += 1;
			return transactionSync(work);
		},
	});
}
