/**
 * Mounts the routes on Hono, and answers what no route takes: unknown paths, other methods, OPTIONS.
 * Each route has exactly one handler, so Hono calls it directly and composes nothing.
 */
import { Hono } from "hono";
import type { Env } from "./env.ts";
import type { Route } from "./http/route.ts";
import { serve } from "./http/serve.ts";
import { answerUnrouted } from "./http/unrouted.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export type App = {
	readonly fetch: (
		request: Request,
		env: Env,
		exec: ExecutionContext,
	) => Response | Promise<Response>;
};

export function createApp(routes: readonly Route[]): App {
	const hono = new Hono<{ Bindings: Env }>();
	for (const route of routes) {
		hono.on(route.method, route.path, (c) =>
			serve(route, c.req.raw, c.env, c.executionCtx, c.req.param()),
		);
	}
	hono.notFound((c) => {
		const allowed = METHODS.filter((method) => hono.router.match(method, c.req.path)[0].length > 0);
		return answerUnrouted(c.req.raw, c.env, c.executionCtx, allowed);
	});
	return hono;
}
