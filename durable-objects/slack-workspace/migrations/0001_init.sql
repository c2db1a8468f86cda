-- One row: the tenant that the workspace is tied to, while it is.
CREATE TABLE installation (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	tenant TEXT NOT NULL,
	team TEXT NOT NULL,
	name TEXT NOT NULL,
	app_id TEXT NOT NULL,
	bot_user TEXT NOT NULL,
	scopes TEXT NOT NULL,
	-- The bot's token, sealed with the tenant's data key.
	sealed_token TEXT NOT NULL,
	installed_by TEXT NOT NULL,
	-- epoch ms
	installed_at INTEGER NOT NULL
) STRICT;

-- What is known of the people who have used the command.
CREATE TABLE person (
	id TEXT PRIMARY KEY,
	-- The zone that Slack named last, and when (epoch ms).
	zone TEXT,
	zone_at INTEGER,
	-- The zone they have asked for instead.
	own_zone TEXT,
	-- Quiet hours, minutes of the local day; both or neither.
	quiet_from INTEGER,
	quiet_to INTEGER
) STRICT, WITHOUT ROWID;
