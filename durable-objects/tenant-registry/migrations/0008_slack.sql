-- Installations of the Slack app that were begun and are not finished; each is used once.
CREATE TABLE slack_state (
	nonce TEXT PRIMARY KEY,
	-- epoch ms
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Workspaces that may be tied to the tenant; whether one is, the workspace itself knows.
CREATE TABLE slack_team (
	team TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
