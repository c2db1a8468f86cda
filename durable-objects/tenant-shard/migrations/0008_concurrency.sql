-- Concurrency keys: one firing at a time has one, the others wait in the order in which they came.

-- Kept in the key's home: the first place of a key is that of the firing that has it.
CREATE TABLE concurrency_place (
	key TEXT NOT NULL,
	-- ascending; not used twice while the key is in use
	place INTEGER NOT NULL,
	-- where the firing lives
	shard INTEGER NOT NULL,
	-- the row that stands for it there, and its number
	row INTEGER NOT NULL,
	firing INTEGER NOT NULL,
	PRIMARY KEY (key, place)
) STRICT, WITHOUT ROWID;

-- Kept with the firing, from the moment it asks until it ends.
CREATE TABLE concurrency_turn (
	-- the row that stands for the firing
	row INTEGER PRIMARY KEY,
	firing INTEGER NOT NULL,
	key TEXT NOT NULL,
	-- the shard that is the key's home
	home INTEGER NOT NULL,
	-- NULL until the home has told it
	place INTEGER,
	-- 1 once it is its turn
	granted INTEGER NOT NULL
) STRICT;
