/**
 * Every statement of a shard, as a named operation on typed rows: those of a table, or of one use of
 * it, are in a file of their own. It decides nothing: callers are the modules beside it, inside a
 * transaction. Plans are asserted in test/workers/shard.
 */
import { createSql, type SqlSource } from "../shared/sql.ts";
import { calendarStatements } from "./statements/calendar.ts";
import { claimStatements } from "./statements/claim.ts";
import { clockStatements } from "./statements/clock.ts";
import { concurrencyStatements } from "./statements/concurrency.ts";
import { deliveryStatements } from "./statements/delivery.ts";
import { dependencyStatements } from "./statements/dependency.ts";
import { dueStatements } from "./statements/due.ts";
import { eventStatements } from "./statements/event.ts";
import { firingStatements } from "./statements/firing.ts";
import { jobStatements } from "./statements/job.ts";
import { keyStatements } from "./statements/key.ts";
import { latenessStatements } from "./statements/lateness.ts";
import { outboxStatements } from "./statements/outbox.ts";
import { retentionStatements } from "./statements/retention.ts";
import { shardStatements } from "./statements/shard.ts";
import { timerStatements } from "./statements/timer.ts";
import { topicStatements } from "./statements/topic.ts";

export type * from "./rows.ts";

export type Store = ReturnType<typeof createStore>;

export function createStore(storage: SqlSource) {
	const sql = createSql(storage);
	return {
		sql,
		...timerStatements(sql),
		...dueStatements(sql),
		...firingStatements(sql),
		...claimStatements(sql),
		...deliveryStatements(sql),
		...eventStatements(sql),
		...retentionStatements(sql),
		...keyStatements(sql),
		...jobStatements(sql),
		...dependencyStatements(sql),
		...outboxStatements(sql),
		...topicStatements(sql),
		...concurrencyStatements(sql),
		...calendarStatements(sql),
		...latenessStatements(sql),
		...clockStatements(sql),
		...shardStatements(sql),
	} as const;
}
