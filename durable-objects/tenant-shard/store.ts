/**
 * Every statement of a shard, as a named operation on typed rows: those of a table, or of one use of
 * it, are in a file of their own. It decides nothing: callers are the modules beside it, inside a
 * transaction. Plans are asserted in test/workers/shard.
 */
import { createSql, type SqlSource } from "../shared/sql.ts";
import { calendarStatements } from "./calendar-statements.ts";
import { claimStatements } from "./claim-statements.ts";
import { clockStatements } from "./clock-statements.ts";
import { concurrencyStatements } from "./concurrency-statements.ts";
import { deliveryStatements } from "./delivery-statements.ts";
import { dependencyStatements } from "./dependency-statements.ts";
import { dueStatements } from "./due-statements.ts";
import { eventStatements } from "./event-statements.ts";
import { firingStatements } from "./firing-statements.ts";
import { jobStatements } from "./job-statements.ts";
import { keyStatements } from "./key-statements.ts";
import { latenessStatements } from "./lateness-statements.ts";
import { outboxStatements } from "./outbox-statements.ts";
import { retentionStatements } from "./retention-statements.ts";
import { shardStatements } from "./shard-statements.ts";
import { timerStatements } from "./timer-statements.ts";
import { topicStatements } from "./topic-statements.ts";

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
