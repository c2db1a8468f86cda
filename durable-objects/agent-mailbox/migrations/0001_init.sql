-- A mailbox's whole state. Nothing that an agent calls reads or writes more rows when it is full.

-- A message from its arrival until nobody needs to know of it any more.
CREATE TABLE message (
	-- order of arrival; never used twice
	seq INTEGER PRIMARY KEY,
	-- the delivery's id, or that of a message put in by hand: a second dispatch finds it
	id TEXT NOT NULL UNIQUE,
	-- STATE in constants.ts
	state INTEGER NOT NULL,
	-- epoch ms at which the mailbox must act on it: ready, its expiry; delayed, the end of the delay;
	-- leased, the lease's end; settled, the next try to tell its shard; told, its removal
	due INTEGER,
	priority INTEGER NOT NULL,
	-- JSON text; empty once settled
	body TEXT NOT NULL,
	-- the delivery whose outcome a shard waits for; all NULL of a message put in by hand
	shard INTEGER,
	timer INTEGER,
	firing INTEGER,
	action INTEGER,
	attempt INTEGER,
	enqueued_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	ack_timeout_ms INTEGER NOT NULL,
	max_attempts INTEGER NOT NULL,
	traceparent TEXT,
	-- leases it has had
	attempts INTEGER NOT NULL,
	leased_at INTEGER,
	-- the secret part of the open lease's id
	lease_key TEXT,
	-- how it ended, when, and what is told of it
	outcome TEXT,
	settled_at INTEGER,
	result TEXT,
	reason TEXT
) STRICT;

-- What the next pull takes.
CREATE INDEX message_ready ON message (priority, seq) WHERE state = 0;

-- What the alarm looks at.
CREATE INDEX message_due ON message (due) WHERE due IS NOT NULL;

-- Messages put in by hand that were given up, oldest first.
CREATE INDEX message_dead ON message (settled_at, seq) WHERE state = 5;

-- The one row that says whose mailbox this is and counts what is in it, written once a transaction.
CREATE TABLE mailbox (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	tenant TEXT NOT NULL,
	name TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	next_seq INTEGER NOT NULL,
	ready INTEGER NOT NULL,
	delayed INTEGER NOT NULL,
	leased INTEGER NOT NULL,
	dead INTEGER NOT NULL,
	-- PRESENCE in constants.ts
	presence INTEGER NOT NULL
) STRICT;
