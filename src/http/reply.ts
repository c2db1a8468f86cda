/** What a handler answers when all is well, and the few ways to make one. */
import { type Ok, ok } from "../core/result.ts";

export type Reply = {
	readonly status: number;
	/** Sent as JSON; `undefined` sends no body. */
	readonly body: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as it is instead of `body`, under this content type. */
	readonly text?: { readonly type: string; readonly content: string };
	/** Passed on instead of `body`, as it comes: a stream, or the other end of a WebSocket. */
	readonly response?: Response;
};

/** Answers 200 (or `status`) with JSON. */
export function reply(
	body: unknown,
	status = 200,
	headers?: Readonly<Record<string, string>>,
): Ok<Reply> {
	return ok(headers === undefined ? { status, body } : { status, body, headers });
}

/** Passes a response of an object on, with the headers that every answer has. */
export function replyStream(response: Response): Ok<Reply> {
	return ok({ status: response.status, body: undefined, response });
}

/** Answers 200 with something that is not JSON. */
export function replyText(
	type: string,
	content: string,
	headers: Readonly<Record<string, string>> = {},
): Ok<Reply> {
	return ok({ status: 200, body: undefined, text: { type, content }, headers });
}
