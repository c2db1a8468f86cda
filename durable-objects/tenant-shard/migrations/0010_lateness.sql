-- How late things were, in rows of five minutes. Written every ten seconds at most.
CREATE TABLE lateness (
	-- epoch ms at which its five minutes begin; 0 for all that lies more than an hour back
	slot INTEGER PRIMARY KEY,
	-- epoch ms from which on this row counts
	since INTEGER NOT NULL,
	-- histograms by hop and class, as src/core/drift/lateness.ts has them
	body TEXT NOT NULL
) STRICT;
