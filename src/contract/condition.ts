/** What a timer asks before it fires, on the wire. Which of its forms it has, the core reads. */
import { z } from "zod";
import { type JsonValue, JsonValueSchema } from "./json.ts";

/** Stored, so append only. */
export const CONDITION_OPERATORS = [
	"equals",
	"not_equals",
	"gt",
	"gte",
	"lt",
	"lte",
	"exists",
	"not_exists",
] as const;
export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

export const ConditionsSchema = z
	.custom<JsonValue>((value) => JsonValueSchema.safeParse(value).success)
	.meta({
		id: "Conditions",
		description:
			"Asked before each firing; unless all are met it is skipped. An expression (JMESPath over params, labels, metadata, context, events, timer, now); or an object whose members must equal what their paths name in context, metadata or params; or an array of comparisons and expressions",
		anyOf: [
			{ type: "string" },
			{ type: "object" },
			{
				type: "array",
				items: {
					anyOf: [
						{ type: "string" },
						{
							type: "object",
							properties: {
								lhs: { type: "string" },
								lhsValue: {},
								operator: { enum: [...CONDITION_OPERATORS] },
								rhs: {},
								rhsValue: {},
							},
							required: ["operator"],
						},
					],
				},
			},
		],
	});
