-- The jitter policy with the largest bound that a timer of this shard has asked for.
CREATE TABLE asked_policy (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	-- JSON: src/contract/jitter-policy.ts
	policy TEXT NOT NULL
) STRICT;
