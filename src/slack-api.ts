/**
 * Calls Slack's Web API and its response URLs, for the edge and for the senders. It knows how Slack
 * says no; what a no means is the caller's business. Nothing is retried here.
 */
import { err, ok, type Result } from "./core/result.ts";
import { SECOND } from "./core/units.ts";
import type { Env } from "./env.ts";

export type SlackSettings = Pick<Env, "SLACK_API_URL" | "OUTBOUND">;

export type SlackFailure =
	/** No answer, or none that is Slack's. Whether the call was carried out is unknown. */
	| { readonly code: "unreachable"; readonly message: string }
	/** Slack's own word for why not, such as `channel_not_found`. */
	| { readonly code: "refused"; readonly error: string; readonly retryAfterMs: number | null };

export type SlackCall = {
	/** As Slack's reference names it: `chat.postMessage`. */
	readonly method: string;
	/** Sent as a bearer token, or with the app's id and secret instead. */
	readonly token?: string;
	readonly app?: { readonly id: string; readonly secret: string };
	readonly arguments: Readonly<Record<string, string>>;
	readonly timeoutMs: number;
};

const API_URL = "https://slack.com/api";
/** The only place that Slack's response URLs are at. */
const RESPONSE_ORIGIN = "https://hooks.slack.com";
/** What Slack means by a 429 that does not say; its own SDKs wait as long. */
const RETRY_AFTER_SECONDS_DEFAULT = 30;

export function slackApiUrl({ SLACK_API_URL }: SlackSettings): string {
	return (SLACK_API_URL || API_URL).replace(/\/+$/, "");
}

/** Where a person agrees to an installation. Beside the API, at Slack as in a stand-in for it. */
export function slackAuthorizeUrl(env: SlackSettings): URL {
	return new URL("/oauth/v2/authorize", slackApiUrl(env));
}

/** Calls a method of the Web API. Answers the body of an answer that says `ok`. */
export async function callSlack(
	env: SlackSettings,
	{ method, token, app, arguments: fields, timeoutMs }: SlackCall,
): Promise<Result<unknown, SlackFailure>> {
	const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
	if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
	if (app !== undefined) headers.set("authorization", `Basic ${btoa(`${app.id}:${app.secret}`)}`);
	try {
		const response = await (env.OUTBOUND ?? globalThis).fetch(`${slackApiUrl(env)}/${method}`, {
			method: "POST",
			headers,
			body: new URLSearchParams(fields).toString(),
			redirect: "manual",
			signal: AbortSignal.timeout(timeoutMs),
		});
		return await readAnswer(response);
	} catch (error) {
		return err({ code: "unreachable", message: reasonOf(error, timeoutMs) });
	}
}

async function readAnswer(response: Response): Promise<Result<unknown, SlackFailure>> {
	if (response.status === 429) {
		const seconds = Number(response.headers.get("retry-after") ?? RETRY_AFTER_SECONDS_DEFAULT);
		const isNumber = Number.isFinite(seconds) && seconds >= 0;
		const retryAfterMs = (isNumber ? seconds : RETRY_AFTER_SECONDS_DEFAULT) * SECOND;
		await response.body?.cancel();
		return err({ code: "refused", error: "ratelimited", retryAfterMs });
	}
	if (!response.ok) {
		await response.body?.cancel();
		return err({ code: "unreachable", message: `Slack answered ${response.status}` });
	}
	const body: unknown = await response.json();
	if (typeof body !== "object" || body === null || !("ok" in body)) {
		return err({ code: "unreachable", message: "what answered is not Slack's API" });
	}
	if (body.ok === true) return ok(body);
	const error = "error" in body && typeof body.error === "string" ? body.error : "unknown_error";
	return err({ code: "refused", error, retryAfterMs: null });
}

/** Whether `url` is a response URL of Slack's: nothing else may make the network send anything. */
export function isResponseUrl({ SLACK_API_URL }: SlackSettings, url: string): boolean {
	if (!URL.canParse(url)) return false;
	const { origin, username, password } = new URL(url);
	if (username !== "" || password !== "") return false;
	if (origin === RESPONSE_ORIGIN) return true;
	return Boolean(SLACK_API_URL) && origin === new URL(SLACK_API_URL ?? API_URL).origin;
}

/** Answers a command or a button at its response URL. */
export async function postResponse(
	env: SlackSettings,
	url: string,
	message: object,
	timeoutMs: number,
): Promise<Result<null, SlackFailure>> {
	if (!isResponseUrl(env, url))
		return err({ code: "unreachable", message: "not a URL of Slack's" });
	try {
		const response = await (env.OUTBOUND ?? globalThis).fetch(url, {
			method: "POST",
			headers: { "content-type": "application/json; charset=utf-8" },
			body: JSON.stringify(message),
			redirect: "manual",
			signal: AbortSignal.timeout(timeoutMs),
		});
		await response.body?.cancel();
		if (response.ok) return ok(null);
		return err({ code: "unreachable", message: `Slack answered ${response.status}` });
	} catch (error) {
		return err({ code: "unreachable", message: reasonOf(error, timeoutMs) });
	}
}

function reasonOf(error: unknown, timeoutMs: number): string {
	const isTimeout = error instanceof Error && error.name === "TimeoutError";
	return isTimeout ? `no answer within ${timeoutMs} ms` : "no connection, or no JSON in the answer";
}
