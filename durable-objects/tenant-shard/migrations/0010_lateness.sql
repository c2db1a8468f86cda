-- How late things were, in rows of five minutes. Written every ten seconds at most.
CREATE TABLE lateness (
	-- epoch ms at which its five minutes begin; 0 for all that lies more than an hour back
	slot INTEGER PRIMARY KEY,
	-- epoch ms from which on this row counts
	since INTEGER NOT NULL,
	-- histograms by hop and class, as src/core/drift/lateness.ts has them
	body TEXT NOT NULL
) STRICT;

-- How late this shard's wakes are on average, for tenants that have it made up for.
CREATE TABLE drift (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	-- milliseconds, the exponential moving average
	average REAL NOT NULL
) STRICT;
