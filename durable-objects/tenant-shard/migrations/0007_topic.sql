-- Topics: what was published last, who listens, and what listeners remember of earlier events.

-- The last event of a topic, of whichever shard it was published in.
CREATE TABLE topic (
	name TEXT PRIMARY KEY,
	-- epoch ms
	published_at INTEGER NOT NULL,
	-- JSON: core/topic-event.ts
	event TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which timers fire on events of a topic.
CREATE TABLE topic_listener (
	topic TEXT NOT NULL,
	timer INTEGER NOT NULL,
	PRIMARY KEY (topic, timer)
) STRICT, WITHOUT ROWID;

-- An open window of a listener that debounces or throttles, by key.
CREATE TABLE topic_window (
	timer INTEGER NOT NULL,
	key TEXT NOT NULL,
	-- debounce: the number of the firing that waits; NULL for throttle
	firing INTEGER,
	-- epoch ms at which it ends
	until INTEGER NOT NULL,
	PRIMARY KEY (timer, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX topic_window_end ON topic_window (until);

-- Events of other shards that have come in: each is told until it is answered.
CREATE TABLE topic_seen (
	-- the event's public id
	id TEXT PRIMARY KEY,
	-- epoch ms
	seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX topic_seen_at ON topic_seen (seen_at);

-- Timers whose condition was true when it was last looked at: they fire when it turns true again.
CREATE TABLE condition_met (
	timer INTEGER PRIMARY KEY
) STRICT;
