-- Timers that wait for the ends of others. A dependency and its dependent may live in two shards, so
-- each of the two keeps its own side of an edge.

-- Kept with the dependency: whom its end concerns. Gone once it has ended.
CREATE TABLE edge (
	dependency INTEGER NOT NULL,
	-- where the dependent lives
	shard INTEGER NOT NULL,
	dependent INTEGER NOT NULL,
	-- index into DEPENDENCY_CONDITIONS
	condition INTEGER NOT NULL,
	PRIMARY KEY (dependency, shard, dependent)
) STRICT, WITHOUT ROWID;

-- Kept with the dependent: what it has been waiting for. Gone once it waits no more.
CREATE TABLE awaited (
	dependent INTEGER NOT NULL,
	-- where the dependency lives
	shard INTEGER NOT NULL,
	dependency INTEGER NOT NULL,
	condition INTEGER NOT NULL,
	-- epoch ms of the end that satisfied it; NULL while it is waited for
	satisfied_at INTEGER,
	PRIMARY KEY (dependent, shard, dependency)
) STRICT, WITHOUT ROWID;

-- What this shard has to tell a shard of its tenant, itself included. Gone once that has answered.
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	-- epoch ms at which it is told (again)
	due INTEGER NOT NULL,
	shard INTEGER NOT NULL,
	-- how often it was told in vain
	attempts INTEGER NOT NULL,
	-- JSON: core/shard-message.ts
	body TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_due ON outbox (due);
