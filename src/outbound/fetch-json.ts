/**
 * Fetches a JSON document from an address that a tenant has named: by the rules of destinations,
 * within a time, up to a size, and without following a redirect. Called for the keys of issuers.
 */
import type { Judge } from "../core/destination/judge.ts";
import { err, ok, type Result } from "../core/result.ts";
import { USER_AGENT } from "../core/webhook-request.ts";
import type { Env } from "../env.ts";
import { judgeDestination } from "./judge-destination.ts";

export type Bounds = {
	/** Milliseconds for the whole exchange. */
	readonly timeoutMs: number;
	readonly bytes: number;
};

/** Why there is no document, as a sentence goes on. */
export type FetchFailure = { readonly message: string };

export async function fetchJson(
	env: Pick<Env, "RUNTIME" | "OUTBOUND">,
	judge: Judge,
	url: string,
	{ timeoutMs, bytes }: Bounds,
): Promise<Result<unknown, FetchFailure>> {
	const destination = await judgeDestination(env, url, judge);
	if (!destination.ok) return err({ message: destination.error.message });
	try {
		const response = await (env.OUTBOUND ?? globalThis).fetch(destination.value.url, {
			headers: { accept: "application/json", "user-agent": USER_AGENT },
			redirect: "manual",
			signal: AbortSignal.timeout(timeoutMs),
		});
		if (response.status !== 200) {
			await response.body?.cancel();
			return err({ message: `it answered ${response.status}, where 200 is expected` });
		}
		const text = await readUpTo(response, bytes);
		if (text === undefined) return err({ message: `it answered more than ${bytes} bytes` });
		return ok(JSON.parse(text));
	} catch (error) {
		if (error instanceof SyntaxError) return err({ message: "what it answered is no JSON" });
		const isLate = error instanceof Error && error.name === "TimeoutError";
		return err({ message: isLate ? `no answer within ${timeoutMs} ms` : "no connection" });
	}
}

/** The whole body as text; `undefined` when it is larger, and nothing more of it is read then. */
async function readUpTo({ body }: Response, bytes: number): Promise<string | undefined> {
	if (body === null) return "";
	const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
	const decoder = new TextDecoder();
	let text = "";
	for (let read = 0; ; ) {
		const { done, value } = await reader.read();
		if (done) return text + decoder.decode();
		read += value.length;
		if (read > bytes) {
			await reader.cancel();
			return undefined;
		}
		text += decoder.decode(value, { stream: true });
	}
}
