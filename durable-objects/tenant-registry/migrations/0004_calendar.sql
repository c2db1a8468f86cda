-- Named sets of local dates that schedules refer to. `dates` is a JSON array of YYYY-MM-DD, ascending.
CREATE TABLE calendar (
	name TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	dates TEXT NOT NULL
) STRICT;

-- One row: the version that the next change of any calendar gets. A calendar that is removed and put
-- again so has a newer version than the copies that shards still hold of it.
CREATE TABLE calendar_version (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	next INTEGER NOT NULL
) STRICT;
INSERT INTO calendar_version (id, next) VALUES (1, 1);
