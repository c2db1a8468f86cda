/**
 * A stand-in for Slack: its Web API as far as the network calls it, and the response URLs of commands
 * and buttons. It has no socket: `fake-slack-server.ts` gives it one, tests inside workerd call it.
 */

export const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
export const CLIENT_ID = "1234567890.9876543210";
export const CLIENT_SECRET = "s3cr3t";

/** A call of the Web API, or of a response URL (`method` is then `response`). */
export type SlackRequest = {
	readonly method: string;
	readonly authorization: string | undefined;
	/** What came as JSON or as a form. */
	// biome-ignore lint/suspicious/noExplicitAny: messages are compared, not read
	readonly body: any;
};

export type SlackReply = {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: unknown;
};

type Answerer = (request: SlackRequest) => SlackReply | Promise<SlackReply>;

export type FakeSlack = {
	/** For SLACK_API_URL. */
	readonly apiUrl: string;
	readonly responseUrl: string;
	readonly requests: readonly SlackRequest[];
	/** Takes a request to `path`, as a server would. */
	handle(path: string, authorization: string | undefined, text: string): Promise<SlackReply>;
	/** Answers a method otherwise, until it is taken back with `undefined`. */
	answer(method: string, with_: Answerer | undefined): void;
	/** The requests of one method, once there are so many. */
	waitFor(method: string, count?: number): Promise<readonly SlackRequest[]>;
};

/** The environment that makes a network use this Slack. */
export function slackEnvironment({ apiUrl }: FakeSlack): Record<string, string> {
	return {
		SLACK_CLIENT_ID: CLIENT_ID,
		SLACK_CLIENT_SECRET: CLIENT_SECRET,
		SLACK_SIGNING_SECRET: SIGNING_SECRET,
		SLACK_API_URL: apiUrl,
	};
}

/** Of the URLs that Slack gives for answers. */
const RESPONSE_PATH = "/commands/";
const TEAM = { id: "T0FAKE", name: "Fake & Sons" };

/** What Slack answers when all is well. */
const DEFAULTS: Readonly<Record<string, Answerer>> = {
	"oauth.v2.access": ({ body }) => ({
		body: {
			ok: true,
			access_token: `xoxb-${body.code}`,
			token_type: "bot",
			scope: "commands,chat:write,chat:write.public,users:read",
			bot_user_id: "U0BOT",
			app_id: "A0APP",
			// The code says which workspace, so that a test can install several.
			team: { ...TEAM, id: String(body.code).startsWith("T") ? body.code : TEAM.id },
			enterprise: null,
			is_enterprise_install: false,
			authed_user: { id: "U0ADMIN" },
		},
	}),
	"auth.revoke": () => ({ body: { ok: true, revoked: true } }),
	"users.info": ({ body }) => ({
		body: { ok: true, user: { id: body.user, tz: "Europe/Berlin", tz_offset: 3_600 } },
	}),
	"chat.postMessage": ({ body }) => ({
		body: { ok: true, channel: body.channel, ts: "1700000000.000100", message: {} },
	}),
	response: () => ({ body: "ok" }),
};

/** @param origin where it is, such as `http://127.0.0.1:4000` */
export function createFakeSlack(origin: string): FakeSlack {
	const requests: SlackRequest[] = [];
	const overrides = new Map<string, Answerer>();
	const waiting = new Set<() => void>();
	return {
		apiUrl: `${origin}/api`,
		responseUrl: `${origin}${RESPONSE_PATH}T0FAKE/${crypto.randomUUID()}`,
		requests,
		async handle(path, authorization, text) {
			const isResponse = path.startsWith(RESPONSE_PATH);
			const method = isResponse ? "response" : path.replace(/^\/api\//, "");
			const body = text.startsWith("{")
				? JSON.parse(text)
				: Object.fromEntries(new URLSearchParams(text));
			const request = { method, authorization, body };
			requests.push(request);
			for (const wake of waiting) wake();
			const answerer = overrides.get(method) ?? DEFAULTS[method];
			return (await answerer?.(request)) ?? { body: { ok: false, error: "unknown_method" } };
		},
		answer(method, with_) {
			if (with_ === undefined) overrides.delete(method);
			else overrides.set(method, with_);
		},
		async waitFor(method, count = 1) {
			for (;;) {
				const found = requests.filter((request) => request.method === method);
				if (found.length >= count) return found;
				const { promise, resolve } = Promise.withResolvers<void>();
				waiting.add(resolve);
				await promise;
				waiting.delete(resolve);
			}
		},
	};
}
