/** The Worker with a Slack behind it that is a function: what Slack sends in, and what goes out to it. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { createApp } from "../../../src/app.ts";
import type { Env } from "../../../src/env.ts";
import { ROUTES } from "../../../src/http/routes/all.ts";
import {
	CLIENT_ID,
	CLIENT_SECRET,
	createFakeSlack,
	type FakeSlack,
	SIGNING_SECRET,
} from "../../helpers/fake-slack.ts";
import type { SignedRequest } from "../../helpers/slack-requests.ts";
import { type Answer, env } from "../timers/api.ts";

const app = createApp(ROUTES);

export type Stage = {
	readonly slack: FakeSlack;
	/** With the Slack that is a function. */
	readonly env: Env;
	/** Calls the API with a key. */
	call(key: string, method: string, path: string, body?: object): Promise<Answer>;
	/** Sends what Slack would. `during` runs once it is answered, before what follows has ended. */
	send(path: string, request: SignedRequest, during?: () => Promise<void>): Promise<Answer>;
};

export function stage(changed: Partial<Env> = {}): Stage {
	const slack = createFakeSlack("http://127.0.0.1:9");
	const outbound = {
		async fetch(url: string, init: RequestInit): Promise<Response> {
			const authorization = new Headers(init.headers).get("authorization") ?? undefined;
			const { pathname } = new URL(url);
			const reply = await slack.handle(pathname, authorization, String(init.body));
			return Response.json(reply.body, {
				status: reply.status ?? 200,
				headers: reply.headers ?? {},
			});
		},
	};
	const staged: Env = {
		...env,
		SLACK_CLIENT_ID: CLIENT_ID,
		SLACK_CLIENT_SECRET: CLIENT_SECRET,
		SLACK_SIGNING_SECRET: SIGNING_SECRET,
		SLACK_API_URL: slack.apiUrl,
		OUTBOUND: outbound as unknown as Fetcher, // Only `fetch` of it is called.
		...changed,
	};

	async function fetch(request: Request, during?: () => Promise<void>): Promise<Answer> {
		const exec = createExecutionContext();
		const response = await app.fetch(request, staged, exec);
		await during?.();
		await waitOnExecutionContext(exec);
		const text = await response.text();
		const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
		const { status, headers } = response;
		return { status, headers, body: isJson ? JSON.parse(text) : text };
	}

	return {
		slack,
		env: staged,
		call: (key, method, path, body) =>
			fetch(
				new Request(`http://localhost${path}`, {
					method,
					headers: { authorization: `Bearer ${key}` },
					...(body !== undefined && { body: JSON.stringify(body) }),
				}),
			),
		send: (path, { body, headers }, during) =>
			fetch(new Request(`http://localhost${path}`, { method: "POST", headers, body }), during),
	};
}

/** Opens the link that `POST /v1/slack/installations` answers, as a browser would after a yes. */
export async function install({ call }: Stage, key: string, code: string): Promise<Answer> {
	const begun = await call(key, "POST", "/v1/slack/installations");
	const state = new URL(begun.body.authorizeUrl).searchParams.get("state") ?? "";
	return call("", "GET", `/slack/oauth?${new URLSearchParams({ code, state })}`);
}

let teams = 0;

/** A workspace that no other test uses. */
export function newTeam(): string {
	teams += 1;
	return `T0TEAM${teams}`;
}
