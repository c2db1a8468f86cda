/** The OpenAPI 3.1 document of all routes: what `/openapi.json` answers and `/docs` renders. */
import { ProblemSchema } from "../../contract/error.ts";
import type { JsonObject } from "../../contract/json.ts";
import { introduction } from "../docs/introduction.ts";
import type { Route } from "../route.ts";
import { operationOf, templatePathOf } from "./operation.ts";
import { HEADER_PARAMETERS } from "./parameters.ts";
import { SchemaComponents } from "./schemas.ts";

const SECURITY_SCHEMES: JsonObject = {
	tenantKey: { type: "http", scheme: "bearer", description: "A tenant's API key, `mnt_…`" },
	tenantKeyHeader: { type: "apiKey", in: "header", name: "X-Api-Key" },
	operatorKey: {
		type: "http",
		scheme: "bearer",
		description: "The key of the deployment's operator",
	},
};

const HEADERS: JsonObject = {
	"X-Request-Id": header("Names the request in the log"),
	"WWW-Authenticate": header("How to authenticate"),
	ETag: header("The version of the object"),
	"Retry-After": header("Seconds to wait"),
	RateLimit: header("What is left: draft-ietf-httpapi-ratelimit-headers"),
	"RateLimit-Policy": header("What is allowed: draft-ietf-httpapi-ratelimit-headers"),
};

export function openApiDocument(routes: readonly Route[]): JsonObject {
	const schemas = new SchemaComponents();
	schemas.describe(ProblemSchema, "output");
	const described = routes.filter((route) => route.hidden !== true);
	const paths = pathsOf(described, schemas);
	return {
		openapi: "3.1.0",
		info: {
			title: "Minoots",
			version: "1",
			description: introduction(),
			license: { name: "MIT", identifier: "MIT" },
		},
		servers: [{ url: "/" }],
		tags: [...new Set(described.map((route) => route.tag))].map((name) => ({ name })),
		paths,
		components: {
			schemas: schemas.all(),
			parameters: HEADER_PARAMETERS,
			headers: HEADERS,
			securitySchemes: SECURITY_SCHEMES,
		},
	};
}

function pathsOf(routes: readonly Route[], schemas: SchemaComponents): JsonObject {
	const byPath = Map.groupBy(routes, (route) => templatePathOf(route.path));
	const items = [...byPath].map(([path, ofPath]) => {
		const operations = ofPath.map((route) => [
			route.method.toLowerCase(),
			operationOf(route, schemas),
		]);
		return [path, Object.fromEntries(operations)];
	});
	return Object.fromEntries(items);
}

function header(description: string): JsonObject {
	return { description, schema: { type: "string" } };
}
