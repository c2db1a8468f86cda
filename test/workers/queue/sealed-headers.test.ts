/** The sender and the headers that an action carries sealed. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createTenantKey } from "../../../durable-objects/shared/seal.ts";
import { sealHeaders } from "../../../src/action-secrets.ts";
import { sendEnvelope } from "../../../src/queue/send-envelope.ts";
import { deliveryOf, envelopeOf, HOOK, headersOf, SECRET, stage } from "./sending.ts";

const HEADERS = { authorization: "Bearer t", "x-room": "4" };

it("[SEAL-7] opens an action's headers, and those of an edit", async () => {
	const at = stage();
	const tenant = "sealed-1";
	const { key, wrapped } = await createTenantKey(env.MINOOTS_MASTER_KEY, tenant);
	const sealedHeaders = await sealHeaders(key, HEADERS);
	const patch = { sealedHeaders: await sealHeaders(key, { "x-room": "5" }) };
	const deliveries = [
		deliveryOf({ url: `${HOOK}1`, sealedHeaders }),
		deliveryOf({ url: `${HOOK}2`, sealedHeaders }, { timer: 2, attempt: 2, patch }),
		deliveryOf({ url: `${HOOK}3`, headers: HEADERS }, { timer: 3 }),
	];
	const secrets = [{ sealed: await key.seal("webhook-secret", SECRET), signsUntil: null }];
	const envelope = await envelopeOf(deliveries, { tenant, wrappedKey: wrapped });
	await sendEnvelope({ ...envelope, secrets }, at.env, at.ctx);
	const byUrl = at.sent.toSorted((a, b) => a.url.localeCompare(b.url));
	const [sealed, edited, open] = byUrl.map(headersOf);
	expect(sealed).toMatchObject(HEADERS);
	expect(edited).toMatchObject({ "x-room": "5" });
	expect(edited).not.toHaveProperty("authorization");
	expect(open).toMatchObject(HEADERS);
});

it("[SEAL-7] sends nothing where the headers do not open", async () => {
	const at = stage();
	const foreign = await createTenantKey(env.MINOOTS_MASTER_KEY, "somebody-else");
	const sealedHeaders = await sealHeaders(foreign.key, HEADERS);
	await sendEnvelope(await envelopeOf([deliveryOf({ sealedHeaders })]), at.env, at.ctx);
	expect(at.sent).toEqual([]);
	expect(at.outcomes()).toMatchObject([
		{
			kind: "attempted",
			class: "retryable",
			outcome: "connection_failed",
			error: "the stored headers of this webhook do not open",
		},
	]);
});
