/** The API's description, for programs and for people, made of the routes themselves. */
import { DOCS_CONTENT_SECURITY_POLICY, docsPage } from "../docs/page.ts";
import { openApiDocument } from "../openapi/document.ts";
import { replyText } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

/** Both documents are the same until the next deployment; a client asks again after this long. */
const CACHE = { "cache-control": "public, max-age=300" } as const;

/** @param routes what is described, these two routes included; read at the first request */
export function documentRoutes(routes: () => readonly Route[]): readonly Route[] {
	let document: ReturnType<typeof openApiDocument> | undefined;
	let json: string | undefined;
	let html: string | undefined;
	function described() {
		document ??= openApiDocument(routes());
		return document;
	}

	return [
		defineRoute({
			method: "GET",
			path: "/openapi.json",
			tag: "Documents",
			summary: "This API as OpenAPI 3.1",
			auth: "public",
			responses: { 200: { description: "The document", contentType: "application/json" } },
			handle() {
				json ??= JSON.stringify(described());
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
			handle() {
				html ??= docsPage(described());
				return replyText("text/html; charset=utf-8", html, {
					...CACHE,
					"content-security-policy": DOCS_CONTENT_SECURITY_POLICY,
				});
			},
		}),
	];
}
