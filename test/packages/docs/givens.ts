/** What must be there before a sample of the reference is run, made over HTTP. */
import type { Given } from "../../../src/http/docs/samples/sample.ts";
import type { NetworkProcess } from "../../helpers/network-process.ts";
import type { OidcIssuer } from "../../helpers/oidc-issuer.ts";

/** Names as the samples' shells see them; TypeScript sees them in small letters. */
export type Variables = Readonly<Record<string, string>>;

export type World = {
	readonly network: NetworkProcess;
	/** Takes nothing: 410 to whatever comes under `/gone`, 200 to the rest. */
	readonly receiver: string;
	/** Signs the tokens of GitHub's jobs. */
	readonly issuer: OidcIssuer;
};

type Json = Readonly<Record<string, unknown>>;

/** Names of mailboxes, calendars and labels must differ from sample to sample. */
let made = 0;

/** Makes what `given` names, anew at each call, and answers what a sample calls it. */
export async function make(given: Given | undefined, world: World): Promise<Variables> {
	const { dev } = world.network;
	const common = { TENANT: dev.tenant, ACCOUNT: dev.tenant };
	return given === undefined ? common : { ...common, ...(await MAKERS[given](world)) };
}

const MAKERS: Readonly<Record<Given, (world: World) => Promise<Variables>>> = {
	timer: async (world) => ({ ID: await timer(world, { in: "1h", labels: { team: "ops" } }) }),
	recurring: async (world) => ({ ID: await timer(world, { schedule: { every: "1h" } }) }),
	async paused(world) {
		const ID = await timer(world, { schedule: { every: "1h" } });
		await post(world, `/v1/timers/${ID}/pause`, {});
		return { ID };
	},
	async fired(world) {
		const ID = await timer(world, { in: 1, actions: [webhook(world, "/taken")] });
		await ended(world, ID);
		return { ID };
	},
	// Fires while the sample listens.
	soon: async (world) => ({ ID: await timer(world, { in: "2s" }) }),
	async job(world) {
		const label = `many-${++made}`;
		const timers = Array.from({ length: 5_001 }, () => ({ in: "1h", labels: { label } }));
		await post(world, "/v1/timers/batch", { timers });
		const call = { action: "cancel", filter: { labels: { label } } };
		return { ID: String((await post(world, "/v1/timers/bulk", call))["jobId"]) };
	},
	async calendar(world) {
		const NAME = `holidays-${++made}`;
		await send(world, "PUT", `/v1/calendars/${NAME}`, { dates: ["2026-12-25"] });
		return { NAME };
	},
	async "dead-letter"(world) {
		const id = await timer(world, { in: 1, actions: [webhook(world, "/gone")] });
		await ended(world, id);
		const { items } = await get(world, `/v1/timers/${id}/deliveries`);
		return { ID: String((items as readonly Json[])[0]?.["id"]) };
	},
	message: (world) => message(world),
	lease: async (world) => {
		const variables = await message(world);
		return { ...variables, LEASE: await lease(world, variables.NAME) };
	},
	async "dead-message"(world) {
		const variables = await message(world, { maxAttempts: 1 });
		const path = `/v1/mailboxes/${variables.NAME}/messages/ack`;
		await post(world, path, { retries: [{ leaseId: await lease(world, variables.NAME) }] });
		return { ...variables, ID: variables.MESSAGE };
	},
	async key(world) {
		const { id } = await post(world, "/v1/keys", { name: "old", scopes: ["timer.read"] });
		return { ID: String(id) };
	},
	policy: (world) => policy(world, {}),
	async "github-job"(world) {
		const { issuer, sign } = world.issuer;
		return { ...(await policy(world, { issuer })), JWT: await sign() };
	},
	async workspace(world) {
		const TEAM = `T0SAMPLE${++made}`;
		const { authorizeUrl } = await post(world, "/v1/slack/installations", {});
		const state = new URL(String(authorizeUrl)).searchParams.get("state") ?? "";
		const query = new URLSearchParams({ code: TEAM, state });
		const page = await fetch(`${world.network.url}/slack/oauth?${query}`);
		if (!page.ok) throw new Error(await page.text());
		return { TEAM };
	},
	// The folder of every sample holds it.
	file: async () => ({}),
};

async function policy(world: World, more: Json) {
	const NAME = `policy-${++made}`;
	const body = { repositories: ["acme/site"], scopes: ["timer.write"], ...more };
	await send(world, "PUT", `/v1/oidc-policies/${NAME}`, body);
	return { NAME };
}

async function timer(world: World, body: Json): Promise<string> {
	return String((await post(world, "/v1/timers", { name: "sample", ...body }))["id"]);
}

async function message(world: World, more: Json = {}) {
	const NAME = `builds-${++made}`;
	const put = { body: { branch: "main" }, ...more };
	const { id } = await post(world, `/v1/mailboxes/${NAME}/messages`, put);
	return { NAME, QUEUE: NAME, MESSAGE: String(id) };
}

async function lease(world: World, mailbox: string): Promise<string> {
	const { messages } = await post(world, `/v1/mailboxes/${mailbox}/messages/pull`, {});
	return String((messages as readonly Json[])[0]?.["leaseId"]);
}

/** Waits until a timer ends, or a delivery of it is dead. */
async function ended(world: World, id: string): Promise<void> {
	await get(world, `/v1/timers/${id}/wait?timeout=30s`);
}

function webhook({ receiver }: World, path: string): Json {
	return { type: "webhook", url: receiver + path };
}

const post = (world: World, path: string, body: Json) => send(world, "POST", path, body);
const get = (world: World, path: string) => send(world, "GET", path);

async function send({ network }: World, method: string, path: string, body?: Json): Promise<Json> {
	const answer = await fetch(network.url + path, {
		method,
		headers: { authorization: `Bearer ${network.dev.apiKey}` },
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	const text = await answer.text();
	if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
	return JSON.parse(text);
}
