-- Where the tenant's shards are to be: a location hint, or null for near whoever first uses one.
ALTER TABLE tenant ADD COLUMN region TEXT;
