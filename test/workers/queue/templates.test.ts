/** What leaves the sender where an action has templates. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createTenantKey } from "../../../durable-objects/shared/seal.ts";
import { sealHeaders } from "../../../src/action-secrets.ts";
import type { EnvelopeDelivery } from "../../../src/contract/envelope.ts";
import { LIMITS } from "../../../src/contract/limits.ts";
import { payloadKey } from "../../../src/core/offload-bodies.ts";
import type { TimerDoc, WebhookDoc } from "../../../src/core/timer-doc.ts";
import { sendEnvelope } from "../../../src/queue/send-envelope.ts";
import {
	agentDeliveryOf,
	deliveryOf,
	envelopeOf,
	HOOK,
	headersOf,
	SECRET,
	stage,
} from "./sending.ts";

const DUE_AT = Date.UTC(2025, 7, 8, 10, 30);
const DATA: TimerDoc = {
	name: "nightly",
	params: { user: "John", n: 7, items: [1, 2], path: "a/b", code: "${params.user}" },
	labels: { team: "ops" },
	metadata: { room: 4 },
	context: { ready: true },
	requestedBy: "cli",
};

function templated(
	webhook: Partial<WebhookDoc>,
	overrides: Partial<EnvelopeDelivery> & { readonly doc?: never } = {},
	more: TimerDoc = {},
): EnvelopeDelivery {
	const action: WebhookDoc = { type: "webhook", url: HOOK, ...webhook };
	const inDoc = { ...DATA, ...more, actions: [action] };
	return deliveryOf({}, { dueAt: DUE_AT, inDoc, ...overrides });
}

async function send(...deliveries: readonly EnvelopeDelivery[]) {
	const at = stage();
	await sendEnvelope(await envelopeOf(deliveries), at.env, at.ctx);
	return at;
}

async function failure(delivery: EnvelopeDelivery) {
	const at = await send(delivery);
	expect(at.sent).toEqual([]);
	expect(at.handed).toEqual([]);
	expect(at.outcomes()).toMatchObject([
		{ kind: "attempted", class: "terminal", outcome: "template_failed", status: null },
	]);
	const [outcome] = at.outcomes();
	return outcome?.kind === "attempted" ? outcome.error : undefined;
}

it("[TEMPLATE-50] a webhook arrives with its url, headers and body resolved", async () => {
	const { sent } = await send(
		templated({
			url: "https://hooks.example.com/${params.path}?n=${params.n}",
			headers: { "x-user": "${params.user}", "x-n": "${params.n}", "x-plain": "p" },
			body: {
				user: "${params.user}",
				n: "${params.n}",
				items: "${params.items}",
				missing: "${params.absent}",
				step: "${steps.one.result}",
				text: "due ${now}, by ${now+1h}, on ${now_date}",
				timer: "${timer}",
				firing: "${firing}",
				run: "${run}",
				event: "${event}",
				code: "${params.code}",
				"${params.user}": 1,
			},
		}),
	);
	expect(sent[0]?.url).toBe("https://hooks.example.com/a/b?n=7");
	expect(headersOf(sent[0])).toMatchObject({ "x-user": "John", "x-n": "7", "x-plain": "p" });
	expect(JSON.parse(sent[0]?.body ?? "")).toEqual({
		user: "John",
		n: 7,
		items: [1, 2],
		missing: null,
		step: null,
		text: "due 2025-08-08T10:30:00.000Z, by 2025-08-08T11:30:00.000Z, on 2025-08-08",
		timer: {
			id: expect.stringMatching(/^tmr_/),
			name: "nightly",
			labels: { team: "ops" },
			metadata: { room: 4 },
			context: { ready: true },
			requestedBy: "cli",
		},
		firing: { seq: 1, dueAt: "2025-08-08T10:30:00.000Z" },
		run: null,
		event: null,
		code: "${params.user}",
		"${params.user}": 1,
	});
});

it("[TEMPLATE-50] so do the message and the data of the default body", async () => {
	const { sent } = await send(
		templated({ data: { n: "${params.n}" } }, {}, { message: "for ${params.user}" }),
		templated({ message: "to ${params.n}" }, { timer: 2 }, { message: "for ${params.user}" }),
	);
	expect(
		sent.map(({ body }) => JSON.parse(body)).sort((a, b) => (a.message < b.message ? -1 : 1)),
	).toMatchObject([
		{ message: "for John", data: { n: 7, firing: { seq: 1 } } },
		{ message: "to 7" },
	]);
});

it("[TEMPLATE-51] the payload of the event that a firing is for reaches the templates", async () => {
	const publishedAt = new Date(0).toISOString();
	const event = { id: "evt_1", topic: "weather", publishedAt, payload: { rain: 0.7 } };
	const { sent } = await send(templated({ body: "${event.payload.rain}" }, {}, { event }));
	expect(sent[0]?.body).toBe("0.7");
});

it("[TEMPLATE-13] the date is that of the timer's zone, also of a firing with a row of its own", async () => {
	const late = { dueAt: Date.UTC(2025, 7, 8, 23, 30) };
	const schedule = { cron: ["0 0 * * *"], timezone: "Europe/Berlin" };
	const body = "${now_date}";
	const { sent } = await send(
		templated({ body }, late, { schedule } as TimerDoc),
		templated({ body }, { ...late, timer: 2 }, { zone: "Asia/Tokyo" }),
		templated({ body }, { ...late, timer: 3 }),
	);
	expect(sent.map((one) => one.body).sort()).toEqual([
		'"2025-08-08"',
		'"2025-08-09"',
		'"2025-08-09"',
	]);
});

it("[TEMPLATE-52] every attempt sends the same bytes: now is when the firing was due", async () => {
	const body = { at: "${now}", later: "${now+1h}" };
	const { sent } = await send(
		templated({ body }, { attempt: 1 }),
		templated({ body }, { attempt: 2, timer: 2 }),
	);
	expect(sent[0]?.body).toBe(sent[1]?.body);
	expect(JSON.parse(sent[0]?.body ?? "").at).toBe("2025-08-08T10:30:00.000Z");
});

it("[TEMPLATE-53] sealed headers are resolved once they are open", async () => {
	const at = stage();
	const tenant = "templated-1";
	const { key, wrapped } = await createTenantKey(env.MINOOTS_MASTER_KEY, tenant);
	const sealedHeaders = await sealHeaders(key, { authorization: "Bearer ${params.user}" });
	const secrets = [{ sealed: await key.seal("webhook-secret", SECRET), signsUntil: null }];
	const envelope = await envelopeOf([templated({ sealedHeaders })], {
		tenant,
		wrappedKey: wrapped,
	});
	await sendEnvelope({ ...envelope, secrets }, at.env, at.ctx);
	expect(headersOf(at.sent[0])).toMatchObject({ authorization: "Bearer John" });
});

it("[TEMPLATE-54] a body in R2 is resolved once it is loaded", async () => {
	const at = stage();
	const envelope = await envelopeOf([
		templated({ bodyRef: { sha256: "abc", bytes: 40_000 } }),
		templated({ bodyRef: { sha256: "def", bytes: 40_000 } }, { timer: 2 }),
	]);
	const large = "x".repeat(40_000);
	const put = (hash: string, body: unknown) =>
		env.PAYLOADS.put(payloadKey(envelope.tenant, hash), JSON.stringify(body));
	await put("abc", { user: "${params.user}", large });
	await put("def", { price: "$5 {", large });
	await sendEnvelope(envelope, at.env, at.ctx);
	const bodies = at.sent.map(({ body }) => JSON.parse(body));
	expect(bodies).toContainEqual({ user: "John", large });
	expect(bodies).toContainEqual({ price: "$5 {", large });
});

it("[TEMPLATE-55] a resolved url is judged like any other, when it is sent", async () => {
	const at = await send(
		templated({ url: "https://${params.host}/x" }, {}, { params: { host: "10.0.0.1" } }),
		templated(
			{ url: "https://${params.host}/x" },
			{ timer: 2 },
			{ params: { host: "ok.example.com" } },
		),
	);
	expect(at.sent.map(({ url }) => url)).toEqual(["https://ok.example.com/x"]);
	expect(at.outcomes()).toContainEqual(
		expect.objectContaining({ timer: 1, class: "terminal", outcome: "destination_refused" }),
	);
});

it("[TEMPLATE-56] a template that fails is terminal, and the reason names it", async () => {
	expect(await failure(templated({ body: ["${length(params.n)}"] }))).toContain("length(params.n)");
	expect(await failure(templated({ url: `${HOOK}\${sum(params.user)}` }))).toContain(
		"sum(params.user)",
	);
	expect(await failure(templated({ message: "${abs(timer.name)}" }))).toContain("abs(timer.name)");
	expect(await failure(templated({ headers: { "x-a": "${abs(timer)}" } }))).toContain("abs(timer)");
	const split = { headers: { "x-a": "${params.v}" } };
	const lines = { params: { v: "a\r\nwebhook-id: forged" } };
	expect(await failure(templated(split, {}, lines))).toContain("headers.x-a");
	const large = { params: { v: "x".repeat(LIMITS.bodyBytes / 4) } };
	const body = { a: "${params.v}", b: "${params.v}", c: "${params.v}", d: "${params.v}" };
	expect(await failure(templated({ body }, {}, large))).toMatch(/body cannot be resolved/);
});

it("[TEMPLATE-57] the edit of a replay may hold templates", async () => {
	const patch = { url: "https://other.example.com/${params.n}", body: { who: "${params.user}" } };
	const { sent } = await send(templated({}, { patch }));
	expect(sent[0]?.url).toBe("https://other.example.com/7");
	expect(sent[0]?.body).toBe('{"who":"John"}');
});

it("[TEMPLATE-58] an agent is handed its command and message resolved; one that fails holds up no other", async () => {
	const action = (command: object) => [{ type: "agent", mailbox: "build", command }] as const;
	const deliveries = [
		{ run: "make ${params.user}", n: "${params.n}" },
		{ bad: "${sum(params.user)}" },
	].map((command, index) => {
		const inDoc = { ...DATA, message: "hi ${params.user}", actions: action(command) };
		return {
			...agentDeliveryOf({}, { dueAt: DUE_AT, timer: index + 1 }),
			doc: JSON.stringify(inDoc),
		};
	});
	const at = await send(...deliveries);
	const messages = at.handed.flatMap((one) => one.messages);
	expect(messages.map(({ body }) => JSON.parse(body))).toMatchObject([
		{ command: { run: "make John", n: 7 }, message: "hi John" },
	]);
	expect(at.outcomes()).toContainEqual(expect.objectContaining({ timer: 1, kind: "accepted" }));
	expect(at.outcomes()).toContainEqual(
		expect.objectContaining({
			timer: 2,
			class: "terminal",
			outcome: "template_failed",
			error: expect.stringContaining("sum(params.user)"),
		}),
	);
});
