-- Which tokens of OpenID Connect issuers stand for the tenant. `id` changes with every change of a
-- policy, so that what was let in before is let in no more. `policy` is JSON, without name and id.
CREATE TABLE oidc_policy (
	name TEXT PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	policy TEXT NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;
