/** The timers of the benchmark: one webhook with a body of 100 bytes, as the peers were measured. */
import type { TimerCreate } from "../src/contract/timer.ts";

/** 100 bytes as JSON. */
const BODY = {
	order: "9a8b7c6d-5e4f-4321-8fed-cba987654321",
	text: "Your order will leave us in thirty minutes",
} as const;
/** Never reached: timers with it are due long after the benchmark. */
export const FAR_URL = "http://127.0.0.1:9/minoots/webhooks/orders";
export const FAR = "30d";

export type Variant = Pick<TimerCreate, "fidelity" | "priority">;

export function webhookTimer(
	url: string,
	when: { readonly at: number } | { readonly in: string },
	variant: Variant = {},
): TimerCreate {
	const due = "at" in when ? { at: new Date(when.at).toISOString() } : when;
	return { ...due, actions: [{ type: "webhook", url, body: BODY }], ...variant };
}

/** Work for an agent, with a command of the same size. */
export function agentTimer(
	mailbox: string,
	when: { readonly at: number } | { readonly in: string },
): TimerCreate {
	const due = "at" in when ? { at: new Date(when.at).toISOString() } : when;
	return { ...due, actions: [{ type: "agent", mailbox, command: BODY }] };
}

/** The body of a timer's webhook, for the baseline that sends the same bytes. */
export const WEBHOOK_BODY = JSON.stringify(BODY);
