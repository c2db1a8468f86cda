/** Counts what an object's storage is billed for, and makes statements fail where a test asks. */
import type { Lab } from "./lab.ts";

export function meterStorage(storage: DurableObjectStorage, lab: Lab): void {
	const { sql } = storage;
	const exec = sql.exec.bind(sql);
	const setAlarm = storage.setAlarm.bind(storage);
	const transactionSync = storage.transactionSync.bind(storage);
	Object.defineProperty(sql, "exec", {
		value: (query: string, ...values: unknown[]) => {
			lab.fault(query, values);
			const cursor = exec(query, ...values);
			let counted = { read: 0, written: 0 };
			const count = () => {
				lab.rowsRead += cursor.rowsRead - counted.read;
				lab.rowsWritten += cursor.rowsWritten - counted.written;
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
			lab.alarms += 1;
			return setAlarm(at);
		},
	});
	Object.defineProperty(storage, "transactionSync", {
		value: <T>(work: () => T) => {
			lab.transactions += 1;
			return transactionSync(work);
		},
	});
}
