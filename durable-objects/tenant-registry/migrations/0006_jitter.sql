-- The tenant's jitter policy as JSON, or null for the default: nothing is compensated.
ALTER TABLE tenant ADD COLUMN jitter_policy TEXT;
