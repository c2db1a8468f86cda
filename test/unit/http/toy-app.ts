/** The frame around routes of its own, without any object behind it: what every route shares. */
import { z } from "zod";
import { createApp } from "../../../src/app.ts";
import type { Env } from "../../../src/env.ts";
import { reply } from "../../../src/http/reply.ts";
import { defineRoute } from "../../../src/http/route.ts";

const SECRET = "a stack that nobody outside may read";

const toyRoutes = [
	defineRoute({
		method: "GET",
		path: "/things/:id",
		tag: "Toy",
		summary: "Says what it was given",
		auth: "public",
		request: { params: z.object({ id: z.string().max(5) }) },
		responses: { 200: { description: "" } },
		handle: ({ params, traceparent }) => reply({ ...params, traceparent }),
	}),
	defineRoute({
		method: "POST",
		path: "/things",
		tag: "Toy",
		summary: "Takes 16 bytes",
		auth: "public",
		request: { body: z.strictObject({ a: z.string() }), bodyLimit: 16 },
		responses: { 201: { description: "" } },
		idempotency: "ignored",
		handle: ({ body }) => reply(body, 201),
	}),
	defineRoute({
		method: "POST",
		path: "/lists",
		tag: "Toy",
		summary: "Takes a list whose items stand alone",
		auth: "public",
		request: { batch: { field: "items", item: z.strictObject({ a: z.int() }), max: 3 } },
		responses: { 200: { description: "" } },
		idempotency: "ignored",
		handle: ({ items }) =>
			reply(
				items.map((item) => (item.ok ? item.value.a : `${item.error.code}: ${item.error.message}`)),
			),
	}),
	defineRoute({
		method: "GET",
		path: "/throws/:how",
		tag: "Toy",
		summary: "Throws",
		auth: "public",
		request: { params: z.object({ how: z.string() }) },
		responses: { 200: { description: "" } },
		handle({ params }) {
			throw THROWN[params.how] ?? new Error(SECRET);
		},
	}),
];

const THROWN: Readonly<Record<string, unknown>> = {
	bug: new TypeError(SECRET),
	text: SECRET,
	overloaded: Object.assign(new Error(SECRET), { overloaded: true, remote: true }),
	retryable: Object.assign(new Error(SECRET), { retryable: true }),
	lost: new Error("Network connection lost."),
};

const app = createApp(toyRoutes);

type Settings = Partial<Pick<Env, "CORS_ORIGINS" | "RUNTIME">>;

/** Sends a request to the toy routes. */
export async function send(
	method: string,
	path: string,
	init: RequestInit = {},
	settings: Settings = {},
): Promise<{ status: number; headers: Headers; text: string }> {
	// No toy route reaches for a binding, so the settings are all of the environment there is.
	const env = { CORS_ORIGINS: "", RUNTIME: "edge", ...settings } as unknown as Env;
	const exec = { waitUntil: () => undefined } as unknown as ExecutionContext;
	const request = new Request(`http://localhost${path}`, { method, ...init });
	const response = await app.fetch(request, env, exec);
	return { status: response.status, headers: response.headers, text: await response.text() };
}
