-- Copies of the calendars that timers of this shard name. `dates` is a JSON array of YYYY-MM-DD,
-- ascending. `moved_to` is null, or where the search for timers that name the calendar stands since
-- it changed: those at or before this id have been moved to what is now their next occurrence.
CREATE TABLE calendar (
	name TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	dates TEXT NOT NULL,
	moved_to INTEGER
) STRICT;
