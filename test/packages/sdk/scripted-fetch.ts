/** A `fetch` that answers as a test's script says, and notes what it was asked. */

export type Asked = {
	readonly method: string;
	readonly url: URL;
	readonly headers: Headers;
	readonly body: unknown;
	readonly signal: AbortSignal | undefined;
	/** Epoch ms. */
	readonly at: number;
};

/** "lost": no answer comes, and the connection fails. "silent": nothing ever happens. */
export type Answer = Response | "lost" | "silent" | ((asked: Asked) => Answer | Promise<Answer>);

export type ScriptedFetch = {
	readonly fetch: typeof fetch;
	readonly asked: Asked[];
};

/** One answer after the other; the last one for all that is asked beyond. */
export function scriptedFetch(...answers: readonly Answer[]): ScriptedFetch {
	const asked: Asked[] = [];
	return {
		asked,
		async fetch(input, init = {}) {
			const { method = "GET", body, signal } = init;
			const url = new URL(String(input));
			const text = typeof body === "string" ? body : undefined;
			const isJson = new Headers(init.headers).get("content-type") === "application/json";
			const one: Asked = {
				method,
				url,
				headers: new Headers(init.headers),
				body: text !== undefined && isJson ? JSON.parse(text) : text,
				signal: signal ?? undefined,
				at: Date.now(),
			};
			const script = answers[Math.min(asked.length, answers.length - 1)] ?? "silent";
			asked.push(one);
			const aborted = new Promise<never>((_, reject) => {
				if (signal?.aborted) reject(signal.reason);
				signal?.addEventListener("abort", () => reject(signal.reason));
			});
			aborted.catch(() => {}); // looked at only while something waits
			return Promise.race([aborted, settle(script, one)]);
		},
	};
}

async function settle(answer: Answer, asked: Asked): Promise<Response> {
	if (answer === "lost") throw new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
	if (answer === "silent") return new Promise(() => {});
	// One that is written down may be asked for again.
	if (answer instanceof Response) return answer.clone();
	const made = await answer(asked);
	return made instanceof Response ? made : settle(made, asked);
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
	const all = { "content-type": "application/json", ...headers };
	return new Response(JSON.stringify(body), { status, headers: all });
}

export function problem(
	status: number,
	code: string,
	headers: Record<string, string> = {},
	errors?: readonly { readonly path: string; readonly message: string }[],
): Response {
	const body = { type: "about:blank", title: `T ${code}`, status, detail: `D ${code}`, code };
	const all = { "content-type": "application/problem+json", "x-request-id": "req_1", ...headers };
	const text = JSON.stringify({ ...body, requestId: "req_1", ...(errors && { errors }) });
	return new Response(text, { status, headers: all });
}

/** An answer whose body never comes to its end; it fails when the request is aborted. */
export function unfinished({ signal }: Asked): Response {
	const body = new ReadableStream({
		start(controller) {
			controller.enqueue(new TextEncoder().encode("{"));
			signal?.addEventListener("abort", () => controller.error(signal.reason));
		},
	});
	return new Response(body, { headers: { "content-type": "application/json" } });
}

/** What a promise rejected with; fails where it did not. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
	try {
		await work;
	} catch (error) {
		return error;
	}
	throw new Error("It did not reject");
}
