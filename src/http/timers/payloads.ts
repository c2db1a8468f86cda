/**
 * Large webhook bodies in R2: put before the document that names them is stored, so that a stored
 * timer never names a body that is not there; read back where a single timer is shown.
 */
import type { JsonValue } from "../../contract/json.ts";
import { actionsIn, withActions } from "../../core/doc-actions.ts";
import { type Payload, payloadKey } from "../../core/offload-bodies.ts";
import type { ActionDoc, TimerDoc } from "../../core/timer-doc.ts";
import type { TenantContext } from "../context.ts";

/** R2 operations under way at once: a Worker may have six connections open. */
const CONCURRENCY = 6;

/** Stores each payload once. Storing one again changes nothing: its key is its hash. */
export async function putPayloads(
	{ env, tenant }: TenantContext,
	payloads: readonly Payload[],
): Promise<void> {
	if (payloads.length === 0) return;
	const distinct = new Map(payloads.map((payload) => [payload.sha256, payload.bytes]));
	const waiting = [...distinct];
	async function work(): Promise<void> {
		for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
			const [hash, bytes] = next;
			await env.PAYLOADS.put(payloadKey(tenant, hash), bytes);
		}
	}
	await Promise.all(Array.from({ length: Math.min(CONCURRENCY, distinct.size) }, work));
}

/** The document with every body in place. One that R2 has lost stays a reference. */
export async function withBodies(context: TenantContext, doc: TimerDoc): Promise<TimerDoc> {
	const actions = actionsIn(doc);
	if (!actions.some((action) => "bodyRef" in action)) return doc;
	const whole = await Promise.all(actions.map((action) => withBody(context, action)));
	return withActions(doc, whole);
}

async function withBody({ env, tenant }: TenantContext, action: ActionDoc): Promise<ActionDoc> {
	if (action.type !== "webhook") return action;
	const { bodyRef, ...rest } = action;
	if (bodyRef === undefined) return action;
	const object = await env.PAYLOADS.get(payloadKey(tenant, bodyRef.sha256));
	return object === null ? action : { ...rest, body: await object.json<JsonValue>() };
}
