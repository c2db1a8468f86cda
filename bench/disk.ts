/** What a stopped network's databases take on disk, after a checkpoint of their write-ahead logs. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Bytes of all SQLite files below `folder`, logs included. Only for folders nobody has open. */
export function databaseBytes(folder: string): number {
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
	for (const file of files.filter((name) => name.endsWith(".sqlite"))) {
		const database = new DatabaseSync(join(folder, file));
		database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
		database.close();
	}
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => /\.sqlite(-wal)?$/.test(name))
		.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
