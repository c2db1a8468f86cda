/**
 * A route, declared once: `app.ts` mounts it, `openapi/` describes it. The declaration says who may
 * call, what comes in and what goes out; the frame (`serve.ts`) enforces all of it, so that a
 * handler only does its work.
 */
import type { z } from "zod";
import type { ErrorCode, Problem } from "../contract/error.ts";
import type { Result } from "../core/result.ts";
import type { AnyContext, Auth, ContextFor } from "./context.ts";
import type { HttpFailure } from "./failure.ts";
import type { Reply } from "./reply.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * What an `Idempotency-Key` does on a POST. `ignored`: nothing. `handled`: the handler gets the
 * claim and passes it to its shard. `stored`: the frame keeps the first answer in the shard that is
 * the key's home, without the fields named in `secrets`; `tenantOf` says whose shard, where the
 * operator calls.
 */
export type Idempotency<P, B> =
	| "ignored"
	| "handled"
	| {
			readonly stored: true;
			readonly secrets?: readonly string[];
			tenantOf?(inputs: { readonly params: P; readonly body: B }): string;
	  };

export type Answer = {
	readonly description: string;
	readonly schema?: z.ZodType;
	/** Of what is not JSON. */
	readonly contentType?: string;
	readonly example?: unknown;
};

/** A list in the body whose items stand alone: `{[field]: […]}`, or NDJSON, an item a line. */
export type Batch<I> = {
	readonly field: string;
	readonly item: z.ZodType<I>;
	readonly max: number;
};

/** A body that is not read as JSON of the route's shape. */
export type TextBody = {
	/** As the docs describe it; text unless given. */
	readonly schema?: z.ZodType;
	readonly description: string;
	/** What of it goes into the route's schema. */
	read(text: string): unknown;
};

export type RequestShape<P, Q, B, I> = {
	/** Path parameters; one that does not fit its schema cannot exist, so it is 404. */
	readonly params?: z.ZodType<P>;
	readonly query?: z.ZodType<Q>;
	readonly body?: z.ZodType<B>;
	/** By media type, bodies beside JSON of the route's shape. The media range for any type stands for
	 * all that are not named. What is read from one is checked like a JSON body. */
	readonly texts?: Readonly<Record<string, TextBody>>;
	/** No body at all is read as `{}`. */
	readonly bodyOptional?: boolean;
	readonly batch?: Batch<I>;
	/** Whether the handler honours `If-Match`; only described here. */
	readonly ifMatch?: boolean;
	/** Bytes; the ordinary limit unless given. */
	readonly bodyLimit?: number;
	readonly example?: unknown;
};

/** How failures are written where a route speaks another API's language. */
export type FailureShape = {
	readonly schema: z.ZodType;
	/** The JSON body that stands for a problem. */
	render(problem: Problem): unknown;
};

type Declaration<A extends Auth, P, Q, B, I> = {
	readonly method: Method;
	/** As Hono reads it: `/v1/timers/:id`. */
	readonly path: string;
	/** Groups routes in the docs. */
	readonly tag: string;
	/** A few words; the heading in the docs. */
	readonly summary: string;
	readonly description?: string;
	readonly auth: A;
	readonly request?: RequestShape<P, Q, B, I>;
	readonly responses: Readonly<Record<number, Answer>>;
	/** Codes it can answer with beyond those that the declaration implies. */
	readonly problems?: readonly ErrorCode[];
	/** RFC 9457 problems unless given. */
	readonly failures?: FailureShape;
	/** Required on POST. */
	readonly idempotency?: Idempotency<P, B>;
	/** Answered, but not described: for the operator's own machinery. */
	readonly hidden?: boolean;
};

/** A route with its types forgotten, as the frame and the docs see it. */
export type Route = Declaration<Auth, unknown, unknown, unknown, unknown> & {
	// A method, so that a handler of a narrower context is still a Route: the frame builds exactly
	// the context that the declaration promises.
	handle(context: AnyContext): Promise<Result<Reply, HttpFailure>> | Result<Reply, HttpFailure>;
};

/** Declares a route; the handler's context is typed by `auth` and `request`. */
export function defineRoute<
	const A extends Auth,
	P = undefined,
	Q = undefined,
	B = undefined,
	I = undefined,
>(
	route: Declaration<A, P, Q, B, I> & {
		handle(
			context: ContextFor<A, P, Q, B, I>,
		): Promise<Result<Reply, HttpFailure>> | Result<Reply, HttpFailure>;
	},
): Route {
	return route;
}
