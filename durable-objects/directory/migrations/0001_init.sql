-- Every tenant of the deployment, listed before its registry is written. Times are epoch ms.
CREATE TABLE tenant (
	id TEXT PRIMARY KEY,
	created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
