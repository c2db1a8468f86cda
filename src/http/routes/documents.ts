/** The API's description, for programs and for people, made of the routes themselves. */
import { DOCS_CONTENT_SECURITY_POLICY, DOCS_PAGE, DOCS_SCRIPT } from "../docs/page.ts";
import { openApiDocument } from "../openapi/document.ts";
import { replyText } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

/** All of it is the same until the next deployment; a client asks again after this long. */
const CACHE = { "cache-control": "public, max-age=300" } as const;
const SCRIPT_TYPE = "text/javascript; charset=utf-8";

const REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";

/** @param routes what is described, these included; read at the first request */
export function documentRoutes(routes: () => readonly Route[]): readonly Route[] {
	let json: string | undefined;
	let redoc: string | undefined;
	return [
		defineRoute({
			method: "GET",
			path: "/openapi.json",
			tag: "Documents",
			summary: "This API as OpenAPI 3.1",
			auth: "public",
			responses: { 200: { description: "The document", contentType: "application/json" } },
			handle() {
				json ??= JSON.stringify(openApiDocument(routes()));
				return replyText("application/json", json, CACHE);
			},
		}),
		defineRoute({
			method: "GET",
			path: "/docs",
			tag: "Documents",
			summary: "This API to read",
			auth: "public",
			responses: { 200: { description: "The page", contentType: "text/html" } },
			handle: () =>
				replyText("text/html; charset=utf-8", DOCS_PAGE, {
					...CACHE,
					"content-security-policy": DOCS_CONTENT_SECURITY_POLICY,
				}),
		}),
		defineRoute({
			method: "GET",
			path: "/docs/reference.js",
			tag: "Documents",
			summary: "What starts the page",
			auth: "public",
			hidden: true,
			responses: { 200: { description: "The script", contentType: "text/javascript" } },
			handle: () => replyText(SCRIPT_TYPE, DOCS_SCRIPT, CACHE),
		}),
		defineRoute({
			method: "GET",
			path: "/docs/redoc.js",
			tag: "Documents",
			summary: "What renders the page",
			auth: "public",
			hidden: true,
			responses: { 200: { description: "The script", contentType: "text/javascript" } },
			async handle() {
				redoc ??= await loadRedoc();
				return replyText(SCRIPT_TYPE, redoc, CACHE);
			},
		}),
	];
}

/** A megabyte that only readers of the page need. */
async function loadRedoc(): Promise<string> {
	const { default: script } = await import("redoc/bundles/redoc.standalone.js");
	// The page loads nothing from elsewhere; the line that names Redoc stays.
	return script.replaceAll(REDOC_LOGO, "data:,");
}
