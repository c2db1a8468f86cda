/** How every list is asked for and answered. */
import { z } from "zod";
import { LIMITS } from "./limits.ts";

export const PageQuerySchema = z.object({
	limit: z.coerce.number().int().min(1).max(LIMITS.pageMax).default(LIMITS.pageDefault),
	cursor: z.string().max(1_024).optional(),
});

/** A page of `items`; only `nextCursor: null` is the end. */
export function pageOf<T extends z.ZodType>(item: T) {
	return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };
