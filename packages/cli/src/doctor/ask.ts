/** One request of the doctor, by the way that every call takes, and when it was sent and answered. */
import { environmentFetch } from "../../../sdk/src/node/environment-fetch.ts";
import { type Finding, failed } from "./hop.ts";
import { codeOf } from "./probe-connection.ts";

export type Answer = {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	/** The body, if it is a JSON object. */
	readonly body: Readonly<Record<string, unknown>> | undefined;
	/** Epoch ms by this machine's clock. */
	readonly sentAt: number;
	readonly receivedAt: number;
};

export type Asker = {
	readonly url: string;
	readonly apiKey: string | undefined;
	readonly timeoutMs: number;
	readonly env: Readonly<Record<string, string | undefined>>;
};

export async function ask(asker: Asker, path: string, withKey: boolean): Promise<Answer | Finding> {
	const { url, apiKey, timeoutMs, env } = asker;
	const headers: Record<string, string> = { accept: "application/json" };
	if (withKey && apiKey !== undefined) headers["authorization"] = `Bearer ${apiKey}`;
	const signal = AbortSignal.timeout(timeoutMs);
	const sentAt = Date.now();
	try {
		// A redirect is told, not followed: calls that carry a body would not survive it.
		const init = { headers, signal, redirect: "manual" } as const;
		const response = await environmentFetch(env)(`${url}${path}`, init);
		const receivedAt = Date.now();
		const text = await response.text();
		const { status, headers: answered } = response;
		return { status, headers: answered, text, body: parseObject(text), sentAt, receivedAt };
	} catch (error) {
		if (signal.aborted) {
			return failed(
				`no answer to GET ${path} within ${timeoutMs} ms`,
				"The network, or something before it, is overloaded or stuck. --timeout gives it longer.",
			);
		}
		const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
		return failed(
			`no answer to GET ${path} (${codeOf(cause)})`,
			"The connection was cut before an answer came: by the server, or by something in between.",
		);
	}
}

export function isFinding(answer: Answer | Finding): answer is Finding {
	return "state" in answer;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
		return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
	} catch {
		return undefined; // a page, or nothing: the status says enough
	}
}
