-- Names of mailboxes, for lists. A mailbox is registered before anything is put into it, so a name
-- may stand here without a mailbox. `seen_at` is when somebody last registered it.
CREATE TABLE mailbox (
	name TEXT PRIMARY KEY,
	created_at INTEGER NOT NULL,
	seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
