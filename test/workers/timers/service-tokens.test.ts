/** Tokens of actions that speak to a service: sealed wherever they are stored, and shown to nobody. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Api, newTenant } from "./api.ts";
import { storedBy } from "./stored-rows.ts";

const TOKEN = "ghp_0123456789-that-nobody-else-has";
const OTHER = "ghp_9876543210-that-nobody-else-has-too";
const PREVIEW = "ghp_...-has";
/** An address, so that nobody is asked where a name leads. */
const API = "https://1.1.1.1/api";

const dispatch = {
	type: "repository_dispatch",
	repository: "acme/site",
	eventType: "nightly",
	apiUrl: API,
	token: TOKEN,
};
const run = {
	type: "workflow_dispatch",
	repository: "acme/site",
	workflow: "deploy.yml",
	ref: "main",
	apiUrl: API,
	token: TOKEN,
};
const shown = ({ token: _, ...action }: { token: string }) => ({
	...action,
	tokenPreview: PREVIEW,
});

type Call = { readonly url: string; readonly authorization: string | null; readonly body: unknown };
let calls: Call[] = [];
let answers: (() => Response)[] = [];

beforeEach(() => {
	calls = [];
	answers = [];
	vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
		const request = new Request(input, init);
		const { url, headers } = request;
		calls.push({ url, authorization: headers.get("authorization"), body: await request.json() });
		return answers.shift()?.() ?? new Response(null, { status: 204 });
	});
});
afterEach(() => {
	vi.unstubAllGlobals();
});

async function expectSealed(api: Api, ...answered: readonly unknown[]): Promise<void> {
	const stored = await storedBy(api);
	expect(stored).toContain("sealedToken");
	expect(stored).not.toContain("that-nobody");
	const text = JSON.stringify(answered);
	for (const hidden of ["that-nobody", "sealedToken", '"token"'])
		expect(text).not.toContain(hidden);
}

const unauthorised = () => new Response('{"message":"Bad credentials"}', { status: 401 });

async function deadLetter(api: Api, action: object): Promise<{ id: string; timerId: string }> {
	answers.push(unauthorised);
	const made = await api.call("POST", "/v1/timers", { in: 1, actions: [action] });
	await api.call("GET", `/v1/timers/${made.body.id}/wait?timeout=10s`);
	const { items } = (await api.call("GET", `/v1/timers/${made.body.id}/deliveries`)).body;
	return items[0];
}

it("[GH-2] a created timer's tokens are stored sealed and shown to nobody", async () => {
	const api = await newTenant();
	const escalation = { after: { attempts: 2 }, steps: [{ actions: [run] }] };
	const body = { in: "1h", actions: [{ ...dispatch, escalation }, run], escalation };
	const key = { "idempotency-key": "one" };
	const made = await api.call("POST", "/v1/timers", body, key);
	expect(made.status).toBe(201);
	const steps = { after: { attempts: 2 }, steps: [{ actions: [shown(run)] }] };
	expect(made.body.actions).toEqual([{ ...shown(dispatch), escalation: steps }, shown(run)]);
	expect(made.body.escalation).toEqual(steps);
	const read = await api.call("GET", `/v1/timers/${made.body.id}`);
	const listed = await api.call("GET", "/v1/timers");
	const again = await api.call("POST", "/v1/timers", body, key);
	expect(again.headers.get("idempotency-replayed")).toBe("true");
	expect([read.body.actions, listed.body.items[0].actions]).toEqual([
		made.body.actions,
		made.body.actions,
	]);
	expect(again.body).toEqual(made.body);
	await expectSealed(api, made.body, read.body, listed.body, again.body);
});

it("[GH-2] the lines of a batch and what a change brings are stored sealed", async () => {
	const api = await newTenant();
	const timers = [
		{ in: "1h", actions: [dispatch] },
		{ in: "1h", metadata: { token: "mine" } },
	];
	const batch = await api.call("POST", "/v1/timers/batch", { timers });
	expect(batch.body).toMatchObject({ created: 2, failed: 0 });
	const path = `/v1/timers/${batch.body.results[1].id}`;
	expect((await api.call("GET", path)).body.metadata).toEqual({ token: "mine" });
	const changed = await api.call("PATCH", path, { actions: [run], metadata: {} });
	expect(changed.body.actions).toEqual([shown(run)]);
	const missing = await api.call("PATCH", path, { actions: changed.body.actions });
	expect(missing.body.errors).toEqual(
		expect.arrayContaining([expect.objectContaining({ path: "actions.0.token" })]),
	);
	await expectSealed(api, batch.body, changed.body);
});

it("[GH-2] the nodes of a graph keep their tokens sealed", async () => {
	const api = await newTenant();
	const nodes = [{ id: "after", after: ["root"], actions: [run] }];
	const body = { in: "1h", name: "g", actions: [dispatch], temporalGraph: { nodes } };
	const made = await api.call("POST", "/v1/timers", body);
	expect(made.status).toBe(201);
	const node = await api.call("GET", `/v1/timers/${made.body.graph.nodes.after}`);
	expect(node.body.actions).toEqual([shown(run)]);
	await expectSealed(api, made.body, node.body);
});

it("[GH-2] a trial of an import tells no token back", async () => {
	const api = await newTenant();
	const escalation = { after: { attempts: 2 }, steps: [{ actions: [run] }] };
	const line = { in: "1h", name: "n", actions: [{ ...dispatch, escalation }], escalation };
	const tried = await api.call("POST", "/v1/timers/import?dryRun=true", line);
	expect(tried.body.results[0].timer).toMatchObject({ actions: [{ token: PREVIEW }] });
	expect(JSON.stringify(tried.body)).not.toContain("that-nobody");
});

it("[GH-4] sends what GitHub asks for, and nothing of webhooks", async () => {
	const api = await newTenant();
	const actions = [
		{ ...dispatch, clientPayload: { day: "${now_date}" } },
		{ ...run, inputs: { count: "${firing.seq}" } },
		{ ...run, apiUrl: "https://1.1.1.1/api/v3/" },
	];
	const made = await api.call("POST", "/v1/timers", { in: 1, actions });
	await api.call("GET", `/v1/timers/${made.body.id}/wait?timeout=10s`);
	const authorization = `Bearer ${TOKEN}`;
	const workflows = "repos/acme/site/actions/workflows/deploy.yml/dispatches";
	expect(calls.toSorted((a, b) => a.url.localeCompare(b.url))).toEqual([
		{
			url: `${API}/${workflows}`,
			authorization,
			body: { ref: "main", inputs: { count: "1" }, return_run_details: true },
		},
		{
			url: `${API}/repos/acme/site/dispatches`,
			authorization,
			body: {
				event_type: "nightly",
				client_payload: { day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
			},
		},
		{ url: `https://1.1.1.1/api/v3/${workflows}`, authorization, body: { ref: "main" } },
	]);
});

it("[GH-10] a dead letter goes out again with another token, and with no other edit", async () => {
	const api = await newTenant();
	const { id } = await deadLetter(api, dispatch);
	const path = `/v1/dead-letters/${id}`;
	const letter = (await api.call("GET", path)).body;
	expect(letter).toMatchObject({ type: "repository_dispatch", request: shown(dispatch) });
	expect(letter.reason).toMatch(/^GitHub does not know the token \(401: Bad credentials\)/);
	for (const patch of [{ url: "https://1.1.1.1/" }, { token: OTHER, headers: {} }]) {
		const refused = await api.call("POST", `${path}/replay`, { patch });
		const [member] = Object.keys(patch).filter((name) => name !== "token");
		expect(refused.body).toMatchObject({ status: 422, errors: [{ path: `patch.${member}` }] });
	}
	const bad = await api.call("POST", `${path}/replay`, { patch: { token: "that-nobody knows" } });
	expect(bad.body.errors).toMatchObject([{ path: "patch.token" }]);
	answers.push(unauthorised);
	const replayed = await api.call("POST", `${path}/replay`, { patch: { token: OTHER } });
	expect(replayed.status).toBe(200);
	await api.call("GET", `/v1/timers/${replayed.body.timerId}/wait?timeout=10s`);
	const later = (await api.call("GET", path)).body;
	expect(later.request.tokenPreview).toBe("ghp_...-too");
	expect(calls.map(({ authorization }) => authorization)).toEqual([
		`Bearer ${TOKEN}`,
		`Bearer ${OTHER}`,
	]);
	await expectSealed(api, letter, bad.body, replayed.body, later);
});

it("[GH-10] a token is no edit of a webhook", async () => {
	const api = await newTenant();
	const { id } = await deadLetter(api, { type: "webhook", url: "https://1.1.1.1/hook" });
	const refused = await api.call("POST", `/v1/dead-letters/${id}/replay`, {
		patch: { token: OTHER },
	});
	expect(refused.body.errors).toMatchObject([{ path: "patch.token" }]);
});

it("[GH-11] shows where a dispatch goes, and finds its dead letters by host", async () => {
	const api = await newTenant();
	const first = await deadLetter(api, dispatch);
	const second = await deadLetter(api, run);
	expect(first).toMatchObject({
		type: "repository_dispatch",
		repository: "acme/site",
		eventType: "nightly",
	});
	expect(second).toMatchObject({
		type: "workflow_dispatch",
		repository: "acme/site",
		workflow: "deploy.yml",
		ref: "main",
		lastAttempt: { status: 401, outcome: "http_error", excerpt: '{"message":"Bad credentials"}' },
	});
	const here = await api.call("GET", "/v1/dead-letters?host=1.1.1.1");
	expect(here.body.items.map(({ id }: { id: string }) => id)).toEqual([first.id, second.id]);
	const elsewhere = await api.call("GET", "/v1/dead-letters?host=api.github.com");
	expect(elsewhere.body.items).toEqual([]);
});

it("[GH-3] an export holds no token and says so, and an import asks for it", async () => {
	const [from, to] = [await newTenant(), await newTenant()];
	const escalation = { after: { attempts: 2 }, steps: [{ actions: [run] }] };
	const hook = { type: "webhook", url: "https://1.1.1.1/" };
	const actions = [hook, { ...dispatch, escalation }];
	await from.call("POST", "/v1/timers", { in: "1h", name: "n", actions });
	const line = (await from.call("GET", "/v1/timers/export")).body;
	expect(JSON.stringify(line)).not.toMatch(/that-nobody|sealedToken|tokenPreview|"token"/);
	const paths = ["actions.1.token", "actions.1.escalation.steps.0.actions.0.token"];
	expect(line.leftOut).toEqual(paths);
	const refused = await to.call("POST", "/v1/timers/import", line);
	const { error } = refused.body.results[0];
	expect(error.errors.map(({ path }: { path: string }) => path).toSorted()).toEqual(
		paths.toSorted(),
	);
	const whole = structuredClone(line);
	whole.actions[1].token = TOKEN;
	whole.actions[1].escalation.steps[0].actions[0].token = TOKEN;
	const imported = await to.call("POST", "/v1/timers/import", whole);
	const copy = await to.call("GET", `/v1/timers/${imported.body.results[0].id}`);
	const { items } = (await from.call("GET", "/v1/timers")).body;
	expect(copy.body.actions).toEqual(items[0].actions);
});
