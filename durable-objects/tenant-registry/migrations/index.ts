/** The registry's migrations, in order. Append only; an applied one never changes. */
import type { Migration } from "../../shared/migrate.ts";
import init from "./0001_init.sql";
import mailbox from "./0002_mailbox.sql";
import region from "./0003_region.sql";
import calendar from "./0004_calendar.sql";
import clock from "./0005_clock.sql";
import jitter from "./0006_jitter.sql";
import oidc from "./0007_oidc.sql";
import slack from "./0008_slack.sql";

export const REGISTRY_MIGRATIONS: readonly Migration[] = [
	{ id: "0001_init", sql: init },
	{ id: "0002_mailbox", sql: mailbox },
	{ id: "0003_region", sql: region },
	{ id: "0004_calendar", sql: calendar },
	{ id: "0005_clock", sql: clock },
	{ id: "0006_jitter", sql: jitter },
	{ id: "0007_oidc", sql: oidc },
	{ id: "0008_slack", sql: slack },
];
