/** Opens a stream of the tenant's events: checks what is asked for, and hands over to its hub. */
import {
	READER_PARAMETER,
	type ReaderSpec,
	TOKEN_SPENT_STATUS,
} from "../../../durable-objects/event-hub/rpc.ts";
import { eventHubOf } from "../../../durable-objects/shared/object-names.ts";
import type { StreamQuery } from "../../contract/stream.ts";
import type { Address } from "../../core/public-id.ts";
import { ok, type Result } from "../../core/result.ts";
import { decodeStreamCursor } from "../../core/stream-cursor.ts";
import { parseTopics } from "../../core/stream-filter.ts";
import type { Arrival, TenantContext } from "../context.ts";
import { credentialOf } from "../credential.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { type Reply, replyStream } from "../reply.ts";
import { locate } from "../timers/shards.ts";
import { readStreamToken, refuseToken } from "./stream-token.ts";

/** Only its path and query matter: the request goes to an object. */
const HUB_URL = "http://event-hub/";

type StreamContext = TenantContext & { readonly query: StreamQuery };

export async function openStream(
	context: StreamContext,
	kind: "sse" | "socket",
): Promise<Result<Reply, HttpFailure>> {
	const { env, tenant, request, principal, query } = context;
	const cursor = readCursor(tenant, request.headers, query);
	if (!cursor.ok) return cursor;
	const timer = readTimer(context);
	if (!timer.ok) return timer;
	const spec: ReaderSpec = {
		tenant,
		keyId: principal.keyId,
		cursor: cursor.value,
		topics: query.topic === undefined ? [] : parseTopics(query.topic),
		timer: timer.value,
		token: tokenToSpend(context),
	};
	const url = new URL(HUB_URL);
	url.searchParams.set(READER_PARAMETER, JSON.stringify(spec));
	const headers = kind === "socket" ? { upgrade: "websocket" } : {};
	const response = await eventHubOf(env, tenant).fetch(new Request(url, { headers }));
	if (response.status === TOKEN_SPENT_STATUS) return refuseToken();
	if (response.status >= 400) throw new Error(`The event hub answered ${response.status}.`);
	return replyStream(response);
}

/** The header is the newer of the two: a client that reconnects sends it to the URL it had. */
function readCursor(
	tenant: string,
	headers: Headers,
	{ lastEventId }: StreamQuery,
): Result<string | null, HttpFailure> {
	const text = headers.get("last-event-id") || lastEventId;
	if (text === undefined || text === "") return ok(null);
	if (decodeStreamCursor(text, tenant) !== undefined) return ok(text);
	return refuse("invalid_cursor", "The last event's id is none of this stream's.");
}

function readTimer(context: StreamContext): Result<Address | null, HttpFailure> {
	if (context.query.timer === undefined) return ok(null);
	const located = locate(context, "tmr", context.query.timer, "The timer");
	if (!located.ok) return located;
	const { shard, seq } = located.value;
	return ok({ shard, seq });
}

/** Null where a key was shown: a token beside it is not looked at. */
function tokenToSpend(context: StreamContext & Arrival): ReaderSpec["token"] {
	if (credentialOf(context.request.headers) !== undefined) return null;
	return readStreamToken(context) ?? null;
}
