/** When failed attempts set off an escalation. Pure; the shard asks it with every failed delivery. */
import type { EscalationReason } from "./timer-doc.ts";
import type { DeliveryRowState } from "./timer-state.ts";

/** How far a delivery has come: its state, and its failed attempts since it was last replayed. */
export type DeliveryTally = { readonly state: DeliveryRowState; readonly failed: number };

/**
 * Why a delivery's step from `was` to `is` sets an escalation off that asks for `attempts` failed
 * attempts; undefined when it does not, or something did before. A delivery that is given up sooner
 * sets it off as well: there will be no more attempts.
 * @param others deliveries whose failures would have set off the same escalation
 */
export function isSetOff(
	attempts: number,
	was: DeliveryTally | undefined,
	is: DeliveryTally,
	others: readonly DeliveryTally[],
): EscalationReason | undefined {
	const reason = reasonOf(attempts, is);
	if (reason === undefined) return undefined;
	const earlier = was === undefined ? others : [was, ...others];
	return earlier.some((tally) => reasonOf(attempts, tally) !== undefined) ? undefined : reason;
}

function reasonOf(
	attempts: number,
	{ state, failed }: DeliveryTally,
): "attempts" | "dead" | undefined {
	if (state !== "retrying" && state !== "dead") return undefined;
	if (failed >= attempts) return "attempts";
	return state === "dead" ? "dead" : undefined;
}
