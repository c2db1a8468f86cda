/**
 * Quicker schemas for what is mostly sent. A Worker may not generate code, and without that zod asks
 * each member that an object may have, whether it is there or not: of a timer forty, and most name
 * three. What names only common members is checked by a schema that knows no others.
 */
import type { z } from "zod";
import { TimerCreateSchema } from "../contract/timer.ts";

/** By the schema that each stands in for: the same members, so the same answers. */
const COMMON: ReadonlyMap<z.ZodType, z.ZodObject> = new Map([
	[
		TimerCreateSchema,
		TimerCreateSchema.pick({
			name: true,
			in: true,
			at: true,
			message: true,
			params: true,
			actions: true,
			retry: true,
			priority: true,
			labels: true,
			metadata: true,
			dedupeKey: true,
			fidelity: true,
		}),
	],
]);

/** The schema to check `value` by: `schema`, or one that answers the same sooner. */
export function quickest<T>(schema: z.ZodType<T>, value: unknown): z.ZodType<T> {
	const common = COMMON.get(schema);
	if (common === undefined || typeof value !== "object" || value === null) return schema;
	for (const member in value) if (!Object.hasOwn(common.shape, member)) return schema;
	// Every member of `T` that it lacks is optional, and absent here.
	return common as unknown as z.ZodType<T>;
}
