/**
 * The guard of a timer with conditions: they are asked when a firing would start, after it has had
 * its turn, of what the timer's document and the topics of the shard say by then.
 */
import { evaluateConditions } from "../../../src/core/condition/evaluate-conditions.ts";
import { shownConditions } from "../../../src/core/condition/shown-conditions.ts";
import { topicsIn } from "../../../src/core/condition/topic-names.ts";
import { askedOf } from "../topic/condition-data.ts";
import type { Guard } from "./guards.ts";

export const askConditions: Guard = (shard, tx, row, doc) => {
	const { conditions } = doc;
	if (conditions === undefined) return undefined;
	const asked = askedOf(shard, row, doc, topicsIn(conditions), tx.tenantNow);
	const { met, evaluated } = evaluateConditions(conditions, asked);
	if (met) return undefined;
	const data = { conditions: shownConditions(evaluated) };
	return { kind: "skip", reason: "conditions_not_met", data };
};
