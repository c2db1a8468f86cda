-- How far the tenant's time is ahead of the real one. No row until it is moved, which only the local
-- runtime lets anyone do.
CREATE TABLE clock (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	ahead_ms INTEGER NOT NULL
) STRICT;
