-- Until when (epoch ms) the tenant's event hub wants to hear of new events. Written when the hub
-- registers and at no other time; a row, since the shard may be evicted in between.
CREATE TABLE hub (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	until INTEGER NOT NULL
) STRICT;
