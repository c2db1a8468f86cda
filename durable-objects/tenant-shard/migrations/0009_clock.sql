-- The tenant's time (local runtime only). While the row is there, timers that wait for their
-- schedule stand in the lanes of that clock: `lane` is 3 more than the class of their priority.
CREATE TABLE clock (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	-- how far the tenant's time is ahead of the real one
	ahead_ms INTEGER NOT NULL
) STRICT;

-- How far the tenant's time was ahead when the envelope was claimed: it fired at `claimed_at` and this.
ALTER TABLE claim ADD COLUMN ahead_ms INTEGER NOT NULL DEFAULT 0;
