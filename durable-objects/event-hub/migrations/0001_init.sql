-- Stream tokens that were used, until they would not be accepted any more. The hub stores nothing
-- else: its readers are open connections, and what they have read is in their cursors.
CREATE TABLE spent_token (
	nonce TEXT PRIMARY KEY,
	-- epoch ms
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_token_expiry ON spent_token (expires_at);
