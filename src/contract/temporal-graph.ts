/**
 * A timer with others that follow from it, created whole: each node is a timer that waits for the
 * root, for other nodes, or for nothing. The shape is the founding system's.
 */
import { z } from "zod";
import { ActionSchema } from "./action.ts";
import { DependencyConditionSchema } from "./dependency.ts";
import { AgentBindingSchema, FoundingActionBundleSchema } from "./founding.ts";
import { TimerIdSchema } from "./ids.ts";
import { JsonObjectSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { DurationSchema } from "./time.ts";

const NodeIdSchema = z.string().min(1).max(LIMITS.graphNodeIdLength);

const AfterSchema = z.union([
	NodeIdSchema,
	z.strictObject({ node: NodeIdSchema, on: DependencyConditionSchema.optional() }),
]);

const DelayMsSchema = z.int().min(0);

export const TemporalNodeSchema = z.strictObject({
	id: NodeIdSchema,
	after: z.array(AfterSchema).max(LIMITS.dependencies).optional().meta({
		description: "Nodes, or the root, that must have ended; without any it starts with the root",
	}),
	offset: DurationSchema.optional().meta({
		description: "Counts from when it is ready; else `duration`, else what the root counts",
	}),
	offsetMs: DelayMsSchema.optional(),
	duration: DurationSchema.optional(),
	durationMs: DelayMsSchema.optional(),
	metadata: JsonObjectSchema.optional(),
	labels: z
		.record(z.string().min(1).max(LIMITS.labelKeyLength), z.string().max(LIMITS.labelValueLength))
		.optional(),
	actions: z.array(ActionSchema).min(1).max(LIMITS.actionsPerTimer).optional(),
	actionBundle: FoundingActionBundleSchema.optional(),
	agentBinding: AgentBindingSchema.optional(),
});
export type TemporalNode = z.infer<typeof TemporalNodeSchema>;

export const TemporalGraphSchema = z
	.strictObject({
		root: NodeIdSchema.optional().meta({ description: "What nodes call the root. Default root" }),
		nodes: z.array(TemporalNodeSchema).min(1).max(LIMITS.graphNodes),
	})
	.meta({ id: "TemporalGraph" });
export type TemporalGraph = z.infer<typeof TemporalGraphSchema>;

export const GraphViewSchema = z
	.object({ root: z.string(), nodes: z.record(z.string(), TimerIdSchema) })
	.meta({ id: "Graph", description: "Of a root: which timer each node is" });
export type GraphView = z.infer<typeof GraphViewSchema>;
