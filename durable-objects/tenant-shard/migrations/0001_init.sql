-- A shard's whole state. Why these tables and not others: docs/decisions/0004.

-- One timer. `id` is the sequence in its public id and is never used twice.
CREATE TABLE timer (
	id INTEGER PRIMARY KEY,
	-- 0 high, 1 medium, 2 low: which queue its deliveries take
	lane INTEGER NOT NULL,
	-- epoch ms of the next instant at which it needs the shard; NULL when never again. A claimed
	-- timer keeps the instant it was claimed for: the claim row alone says that it is in flight.
	due INTEGER,
	-- epoch ms that the schedule names
	fire_at INTEGER NOT NULL,
	-- epoch ms; never less than that of the timer before it
	created_at INTEGER NOT NULL,
	-- index into TIMER_STATES
	state INTEGER NOT NULL,
	-- what must be known without parsing `doc`: core/timer-flags.ts
	flags INTEGER NOT NULL,
	-- changes with every write of the row; makes the ETag
	version INTEGER NOT NULL,
	-- JSON: what the tenant asked for (core/timer-doc.ts)
	doc TEXT NOT NULL,
	-- JSON arrays, comma separated, appended to: what has happened to it (core/trail.ts)
	trail TEXT NOT NULL
) STRICT;

CREATE INDEX timer_due ON timer (lane, due) WHERE due IS NOT NULL;

-- One open envelope. Gone when its last outcome is settled.
CREATE TABLE claim (
	-- never used twice
	id INTEGER PRIMARY KEY,
	-- epoch ms at which the lease runs out
	due INTEGER NOT NULL,
	-- BOOT_ID of the runtime that claimed; of another one it is due at once
	epoch TEXT NOT NULL,
	claimed_at INTEGER NOT NULL,
	lane INTEGER NOT NULL,
	-- event chunk with the `timer.fired` events of this claim; NULL when it made none
	chunk INTEGER,
	-- JSON: flat list of timer, firing, action, attempt
	deliveries TEXT NOT NULL
) STRICT;

-- One action of one firing. Written on failure or when a timer has several actions; a webhook that
-- is delivered at the first try leaves its only attempt in the timer's trail.
CREATE TABLE delivery (
	timer INTEGER NOT NULL,
	firing INTEGER NOT NULL,
	action INTEGER NOT NULL,
	-- index into DELIVERY_ROW_STATES
	state INTEGER NOT NULL,
	-- epoch ms of the next attempt; NULL when there is none
	due INTEGER,
	attempts INTEGER NOT NULL,
	-- epoch ms at which it was delivered or gave up
	settled_at INTEGER,
	-- JSON: attempts, edits (core/delivery-history.ts)
	history TEXT NOT NULL,
	PRIMARY KEY (timer, firing, action)
) STRICT, WITHOUT ROWID;

-- The dead letters, by age.
CREATE INDEX delivery_dead ON delivery (settled_at, timer, firing, action) WHERE state = 2;

-- The events of one transaction, at most 512.
CREATE TABLE event_chunk (
	seq INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	body TEXT NOT NULL
) STRICT;

-- Keys that must be unique: 'i:' + route and Idempotency-Key, 'd:' + dedupeKey.
CREATE TABLE unique_key (
	key TEXT PRIMARY KEY,
	-- the timer that holds a dedupe key, or that a create answered with
	timer INTEGER,
	-- SHA-256 of the request's body
	body_hash TEXT,
	-- JSON answer; NULL while the first request is still running
	answer TEXT,
	-- epoch ms after which the key is free; NULL while its timer is unsettled
	expires_at INTEGER
) STRICT, WITHOUT ROWID;

-- A bulk call that is worked off in slices.
CREATE TABLE job (
	id INTEGER PRIMARY KEY,
	body TEXT NOT NULL,
	-- the last timer looked at
	position INTEGER NOT NULL,
	done INTEGER NOT NULL,
	processed INTEGER NOT NULL,
	changed INTEGER NOT NULL
) STRICT;

-- The one counter row, updated at most once a transaction.
CREATE TABLE counter (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	next_timer INTEGER NOT NULL,
	last_created_at INTEGER NOT NULL,
	-- timers that have not ended, and how many of them the registry has granted
	active INTEGER NOT NULL,
	granted INTEGER NOT NULL,
	-- epoch minute, and the creates in it
	minute INTEGER NOT NULL,
	creates INTEGER NOT NULL
) STRICT;

-- Who this shard is, and its copy of the tenant's configuration.
CREATE TABLE shard (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	tenant TEXT NOT NULL,
	shard INTEGER NOT NULL,
	config TEXT NOT NULL,
	-- 1 once the registry wakes this shard
	watched INTEGER NOT NULL
) STRICT;

INSERT INTO counter VALUES (1, 1, 0, 0, 0, 0, 0);
