/** The shard's migrations, in order. Append only; an applied one never changes. */
import type { Migration } from "../../shared/migrate.ts";
import init from "./0001_init.sql";
import retention from "./0003_retention.sql";
import hub from "./0004_hub.sql";
import firing from "./0005_firing.sql";
import dependency from "./0006_dependency.sql";
import topic from "./0007_topic.sql";
import concurrency from "./0008_concurrency.sql";
import clock from "./0009_clock.sql";
import lateness from "./0010_lateness.sql";
import calendar from "./0011_calendar.sql";
import jitterPolicy from "./0012_jitter_policy.sql";

export const SHARD_MIGRATIONS: readonly Migration[] = [
	{ id: "0001_init", sql: init },
	{ id: "0003_retention", sql: retention },
	{ id: "0004_hub", sql: hub },
	{ id: "0005_firing", sql: firing },
	{ id: "0006_dependency", sql: dependency },
	{ id: "0007_topic", sql: topic },
	{ id: "0008_concurrency", sql: concurrency },
	{ id: "0009_clock", sql: clock },
	{ id: "0010_lateness", sql: lateness },
	{ id: "0011_calendar", sql: calendar },
	{ id: "0012_jitter_policy", sql: jitterPolicy },
];
