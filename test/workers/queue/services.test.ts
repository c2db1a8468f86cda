/** The sender and the services that it speaks to: what of a delivery's way is theirs. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createTenantKey } from "../../../durable-objects/shared/seal.ts";
import { sealToken } from "../../../src/action-secrets.ts";
import type { WorkflowDispatchDoc } from "../../../src/core/timer-doc.ts";
import { SECOND } from "../../../src/core/units.ts";
import { sendEnvelope } from "../../../src/queue/send-envelope.ts";
import { deliveryOf, envelopeOf, headersOf, type Network, SECRET, stage } from "./sending.ts";

const TOKEN = "ghp_0123456789abcdef";

async function send(
	action: Partial<WorkflowDispatchDoc>,
	options: { network?: Network; inDoc?: object; leaseMs?: number; keyOf?: string } = {},
) {
	const at = stage(options.network === undefined ? {} : { network: options.network });
	const tenant = `services-${crypto.randomUUID().slice(0, 8)}`;
	const { key, wrapped } = await createTenantKey(env.MINOOTS_MASTER_KEY, tenant);
	const sealer =
		options.keyOf === undefined
			? key
			: (await createTenantKey(env.MINOOTS_MASTER_KEY, options.keyOf)).key;
	const doc: WorkflowDispatchDoc = {
		type: "workflow_dispatch",
		repository: "acme/site",
		workflow: "deploy.yml",
		ref: "main",
		sealedToken: await sealToken(sealer, TOKEN),
		...action,
	};
	const delivery = deliveryOf({}, { inDoc: { actions: [doc], ...options.inDoc } });
	const envelope = await envelopeOf([delivery], {
		tenant,
		wrappedKey: wrapped,
		...(options.leaseMs !== undefined && { leaseUntil: Date.now() + options.leaseMs }),
	});
	const secrets = [{ sealed: await key.seal("webhook-secret", SECRET), signsUntil: null }];
	await sendEnvelope({ ...envelope, secrets }, at.env, at.ctx);
	return { sent: at.sent, outcomes: at.outcomes() };
}

it("[GH-4] names its API version, what it accepts and who sends it", async () => {
	const { sent } = await send({});
	expect(sent.map(({ url }) => url)).toEqual([
		"https://api.github.com/repos/acme/site/actions/workflows/deploy.yml/dispatches",
	]);
	expect(headersOf(sent[0])).toEqual({
		accept: "application/vnd.github+json",
		authorization: `Bearer ${TOKEN}`,
		"content-type": "application/json",
		"user-agent": "Minoots/1",
		"x-github-api-version": "2022-11-28",
	});
});

it("[GH-5] resolves templates from the firing's data", async () => {
	const inputs = { version: "${params.version}", dry: false };
	const inDoc = { params: { version: 7, branch: "release" } };
	const { sent, outcomes } = await send({ ref: "refs/heads/${params.branch}", inputs }, { inDoc });
	expect(JSON.parse(sent[0]?.body ?? "")).toMatchObject({
		ref: "refs/heads/release",
		inputs: { version: "7", dry: "false" },
	});
	expect(outcomes).toMatchObject([{ class: "delivered", outcome: "delivered" }]);
});

it.each([
	[{ ref: "${params.none || ''}" }, /the template of ref .*1 to 255 characters/],
	[{ inputs: { list: "${params.list}" } }, /the template of inputs.list .*a text, a number/],
	[{ inputs: { big: "${to_number(`true`) | abs(@)}" } }, /the template of inputs /],
])(
	"[GH-5] sends nothing where a template makes what GitHub does not take: %j",
	async (action, text) => {
		const { sent, outcomes } = await send(action, { inDoc: { params: { list: [1] } } });
		expect(sent).toEqual([]);
		expect(outcomes).toMatchObject([
			{ class: "terminal", outcome: "template_failed", error: expect.stringMatching(text) },
		]);
	},
);

it("[GH-7] tells the shard how long GitHub's limit holds", async () => {
	const headers = { "retry-after": "61" };
	const network = () => new Response('{"message":"secondary"}', { status: 403, headers });
	const { outcomes } = await send({}, { network });
	expect(outcomes).toMatchObject([
		{ class: "retryable", outcome: "http_error", status: 403, retryAfterMs: 61 * SECOND },
	]);
});

it("[GH-8] keeps the run's address as the excerpt", async () => {
	const html_url = "https://github.com/acme/site/actions/runs/7";
	const network = () => Response.json({ workflow_run_id: 7, html_url });
	const { outcomes } = await send({}, { network });
	expect(outcomes).toMatchObject([{ class: "delivered", excerpt: html_url, error: null }]);
});

it("[GH-6] a text of a stranger is kept without control characters, and short", async () => {
	const message = `bad\u001b[31m ${"x".repeat(5_000)}`;
	const network = () => Response.json({ message }, { status: 422 });
	const { outcomes } = await send({}, { network });
	const [outcome] = outcomes;
	if (outcome?.kind !== "attempted") throw new Error("not attempted");
	expect(outcome.class).toBe("terminal");
	expect(outcome.error).toMatch(/^GitHub does not take the call \(422: bad\[31m x+\)$/);
	expect(outcome.error?.length).toBeLessThan(400);
	expect(outcome.excerpt?.length).toBeLessThanOrEqual(1_024);
});

it("[GH-9] judges the address again before it sends", async () => {
	const { sent, outcomes } = await send({ apiUrl: "https://10.0.0.1/api/v3" });
	expect(sent).toEqual([]);
	expect(outcomes).toMatchObject([{ class: "terminal", outcome: "destination_refused" }]);
});

it("[GH-12] sends nothing where the token does not open", async () => {
	const { sent, outcomes } = await send({}, { keyOf: "somebody-else" });
	expect(sent).toEqual([]);
	expect(outcomes).toMatchObject([
		{
			class: "retryable",
			outcome: "connection_failed",
			error: "the stored token of this action does not open",
		},
	]);
});

it("[SEND-4] a call that could not end before the lease does is not started", async () => {
	const { sent, outcomes } = await send({}, { leaseMs: 11 * SECOND });
	expect(sent).toEqual([]);
	expect(outcomes).toMatchObject([{ kind: "not_started" }]);
});
