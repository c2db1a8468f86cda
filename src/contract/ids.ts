/**
 * The shapes of public ids. What they carry is decided in `core/public-id.ts`; here they are only
 * text with a prefix, as a caller sees them.
 */
import { z } from "zod";

const BASE32 = "[0-9abcdefghjkmnpqrstvwxyz]";

export const TimerIdSchema = z
	.string()
	.regex(new RegExp(`^tmr_${BASE32}{24}$`), "expected an id like tmr_…")
	.brand<"TimerId">();
export type TimerId = z.infer<typeof TimerIdSchema>;

export const DeliveryIdSchema = z
	.string()
	.regex(new RegExp(`^dlv_${BASE32}{32}$`), "expected an id like dlv_…")
	.brand<"DeliveryId">();
export type DeliveryId = z.infer<typeof DeliveryIdSchema>;

export const JobIdSchema = z
	.string()
	.regex(new RegExp(`^job_${BASE32}{24}$`), "expected an id like job_…")
	.brand<"JobId">();
export type JobId = z.infer<typeof JobIdSchema>;

/** Lower case, so that the id can stand in a key, a label and an object name unchanged. */
export const TenantIdSchema = z
	.string()
	.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected 1 to 40 of a-z, 0-9 and -, not starting with -")
	.brand<"TenantId">();
export type TenantId = z.infer<typeof TenantIdSchema>;
