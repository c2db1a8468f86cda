-- What is removed by age: ended timers and events by chunk, keys and jobs by a sweep now and then.

-- epoch ms at which the job was done; NULL while it is open
ALTER TABLE job ADD COLUMN finished_at INTEGER;
UPDATE job SET finished_at = unixepoch() * 1000 WHERE done = 1;

-- The one row of what retention remembers.
CREATE TABLE retention (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	-- epoch ms of the next sweep of keys and jobs; 0 before the first
	sweep_at INTEGER NOT NULL
) STRICT;

INSERT INTO retention VALUES (1, 0);
