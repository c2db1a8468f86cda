-- The counters and histograms of all time, as JSON by series.
CREATE TABLE totals (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	body TEXT NOT NULL
) STRICT;

-- What each source stated last. Sources with nothing to state have no row. Times are epoch ms.
CREATE TABLE gauge (
	source TEXT PRIMARY KEY,
	at INTEGER NOT NULL,
	body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
