/**
 * Numbered, immutable migrations. Applied ids are kept in a table (`PRAGMA user_version` is refused
 * in Durable Objects) and compared with the defined ones: a database that a later release has
 * written is refused rather than misread. Nothing is created before the first authorised write, so
 * the caller decides when to run this.
 */
import type { SqlSource } from "./sql.ts";

export type Migration = { readonly id: string; readonly sql: string };

/** Whether the object has ever been written to. Creates nothing. */
export function hasSchema(storage: SqlSource): boolean {
	const found = storage.sql.exec(
		"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'",
	);
	return found.toArray().length > 0;
}

/**
 * Applies what is missing, each migration in a transaction of its own.
 * @param upTo the last one to apply; tests use it to start from an earlier release's data
 */
export function migrate(storage: SqlSource, migrations: readonly Migration[], upTo?: string): void {
	storage.sql.exec(
		"CREATE TABLE IF NOT EXISTS migration (id TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
	);
	const applied = storage.sql
		.exec<{ id: string }>("SELECT id FROM migration ORDER BY id")
		.toArray()
		.map((row) => row.id);
	const unknown = applied.filter((id) => !migrations.some((migration) => migration.id === id));
	if (unknown.length > 0) {
		throw new Error(
			`This database was written by a later release (it has ${unknown.join(", ")}); start that release, or a newer one.`,
		);
	}
	for (const migration of migrations) {
		if (applied.includes(migration.id)) continue;
		storage.transactionSync(() => {
			storage.sql.exec(migration.sql);
			storage.sql.exec(
				"INSERT INTO migration (id, applied_at) VALUES (?, ?)",
				migration.id,
				Date.now(),
			);
		});
		if (migration.id === upTo) return;
	}
}
