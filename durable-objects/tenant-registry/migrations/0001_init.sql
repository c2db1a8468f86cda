-- The registry of one tenant. Times are epoch milliseconds.

-- One row: the tenant itself. `version` counts the changes that shards keep a copy of.
CREATE TABLE tenant (
	id TEXT PRIMARY KEY,
	name TEXT,
	plan TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	version INTEGER NOT NULL,
	wrapped_key TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Growth: from `effective_at` on, new timers use `count` shards.
CREATE TABLE shard_step (
	effective_at INTEGER PRIMARY KEY,
	count INTEGER NOT NULL
) STRICT;

-- `hash` is the SHA-256 of the whole key, in hex. `scopes` and `mailboxes` are JSON arrays;
-- `mailboxes` is null where the key may use every mailbox.
CREATE TABLE api_key (
	id TEXT PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	preview TEXT NOT NULL,
	scopes TEXT NOT NULL,
	mailboxes TEXT,
	created_at INTEGER NOT NULL,
	expires_at INTEGER
) STRICT;

-- A key is found by 32 bits of its hash and then compared in constant time, so that how long the
-- search takes tells nothing of the rest.
CREATE INDEX api_key_hash_head ON api_key (substr(hash, 1, 8));

-- Newest last. `signs_until` is null for the current one.
CREATE TABLE webhook_secret (
	id INTEGER PRIMARY KEY,
	sealed TEXT NOT NULL,
	signs_until INTEGER
) STRICT;

-- How many active timers each shard may hold.
CREATE TABLE quota_grant (
	shard INTEGER PRIMARY KEY,
	granted INTEGER NOT NULL
) STRICT;

-- Shards that may have pending timers.
CREATE TABLE watched_shard (
	shard INTEGER PRIMARY KEY
) STRICT;
