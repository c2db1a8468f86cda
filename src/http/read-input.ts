/**
 * Takes a request's parameters, query and body through their schemas. What comes out is what the
 * route declared; what does not fit never reaches a handler.
 */
import type { IdempotencyClaim } from "../../durable-objects/tenant-shard/rpc.ts";
import { LIMITS } from "../contract/limits.ts";
import { err, ok, type Result } from "../core/result.ts";
import { checkJson } from "./check-json.ts";
import type { Arrival, BatchItem, Inputs } from "./context.ts";
import { type HttpFailure, refuse } from "./failure.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { readJson } from "./parse-json.ts";
import { NoQuerySchema, queryOf } from "./query.ts";
import { readBatch } from "./read-batch.ts";
import { type RawBody, readBytes } from "./read-bytes.ts";
import type { Route } from "./route.ts";
import { takeTenantId, tenantMismatch } from "./tenant-id.ts";
import { validate } from "./validate.ts";

type AnyInputs = Inputs<unknown, unknown, unknown, unknown>;

const ANY_TYPE = "*/*";
const NO_BYTES = new Uint8Array(0);

/** @param tenant the key's tenant; undefined where no tenant's key calls */
export async function readInput(
	route: Route,
	{ request }: Arrival,
	rawParams: Readonly<Record<string, string>>,
	tenant: string | undefined,
): Promise<Result<AnyInputs, HttpFailure>> {
	const params = readParams(route, rawParams);
	if (!params.ok) return params;
	const query = readQuery(route, request.url, tenant);
	if (!query.ok) return query;
	const raw = await readRaw(route, request);
	if (!raw.ok) return raw;
	const content = readContent(route, raw.value?.text, request.headers, tenant);
	if (!content.ok) return content;
	const idempotency = readClaim(route, request, raw.value);
	if (!idempotency.ok) return idempotency;
	return ok({
		params: params.value,
		query: query.value,
		...content.value,
		idempotency: idempotency.value,
	});
}

function readParams(
	route: Route,
	raw: Readonly<Record<string, string>>,
): Result<unknown, HttpFailure> {
	if (route.request?.params === undefined) return ok(undefined);
	const params = validate(route.request.params, raw);
	return params.ok ? params : refuse("not_found", "There is nothing with such an id.");
}

function readQuery(
	route: Route,
	url: string,
	tenant: string | undefined,
): Result<unknown, HttpFailure> {
	const schema = route.request?.query;
	if (schema === undefined && (route.auth === "public" || !url.includes("?"))) return ok(undefined);
	const query = queryOf(url);
	if (tenant !== undefined && !takeTenantId(query, tenant)) return tenantMismatch(tenant);
	const flaw = checkJson(query);
	if (flaw !== undefined) return err({ code: "validation_failed", errors: [flaw] });
	return validate(schema ?? NoQuerySchema, query);
}

async function readRaw(
	route: Route,
	request: Request,
): Promise<Result<RawBody | undefined, HttpFailure>> {
	if (route.request?.body === undefined && route.request?.batch === undefined) return ok(undefined);
	return readBytes(request, route.request.bodyLimit ?? LIMITS.bodyBytes);
}

type Content = { readonly body: unknown; readonly items: readonly BatchItem<unknown>[] };

function readContent(
	route: Route,
	text: string | undefined,
	headers: Headers,
	tenant: string | undefined,
): Result<Content, HttpFailure> {
	const shape = route.request;
	if (text === undefined || shape === undefined) return ok({ body: undefined, items: [] });
	if (shape.batch !== undefined) {
		const items = readBatch(text, headers, shape.batch, tenant);
		return items.ok ? ok({ body: undefined, items: items.value }) : items;
	}
	if (shape.body === undefined) return ok({ body: undefined, items: [] });
	const json = readBody(text, shape, headers);
	if (!json.ok) return json;
	if (tenant !== undefined && !takeTenantId(json.value, tenant)) return tenantMismatch(tenant);
	const body = validate(shape.body, json.value);
	return body.ok ? ok({ body: body.value, items: [] }) : body;
}

/** The body, before its schema has seen it. */
function readBody(
	text: string,
	{ bodyOptional, texts }: NonNullable<Route["request"]>,
	headers: Headers,
): Result<unknown, HttpFailure> {
	if (text === "" && bodyOptional === true) return ok({});
	const type = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
	const form = texts?.[Object.hasOwn(texts, type) ? type : ANY_TYPE];
	return form === undefined ? readJson(text, headers) : ok(form.read(text));
}

function readClaim(
	route: Route,
	request: Request,
	raw: RawBody | undefined,
): Result<IdempotencyClaim | null, HttpFailure> {
	if (route.idempotency === undefined || route.idempotency === "ignored") return ok(null);
	return readIdempotencyKey(
		request.headers,
		`${route.method} ${route.path}`,
		request.url,
		raw?.bytes ?? NO_BYTES,
	);
}
