/** `/v1/events` and its streams, and `/v1/stream-tokens`: what happens, told and followed. */
import { z } from "zod";
import { StreamQuerySchema, StreamTokenSchema } from "../../contract/stream.ts";
import { EventPublishSchema, PublishedSchema } from "../../contract/topic.ts";
import { openStream } from "../events/open-stream.ts";
import { publishEvent } from "../events/publish-event.ts";
import { createStreamToken } from "../events/stream-token.ts";
import { refuse } from "../failure.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import {
	PUBLISH_EXAMPLE,
	PUBLISHED_EXAMPLE,
	STREAM_FRAME_EXAMPLE,
	STREAM_TOKEN_EXAMPLE,
} from "./event-examples.ts";

const stream = {
	method: "GET",
	tag: "Events",
	auth: { scope: "timer.read", streamToken: true },
	request: { query: StreamQuerySchema },
	problems: ["invalid_cursor", "not_found"],
} as const;

export const eventRoutes: readonly Route[] = [
	defineRoute({
		...stream,
		path: "/v1/events/stream",
		summary: "Follow events (Server-Sent Events)",
		description:
			"Every event from now on, or from behind `Last-Event-ID`: `id: <cursor>`, `event: <type>`, `data: <CloudEvent>`. Events that are kept no longer are named by one `stream.gap`.",
		responses: {
			200: {
				description: "A stream that does not end",
				schema: z.string(),
				contentType: "text/event-stream",
				example: STREAM_FRAME_EXAMPLE,
			},
		},
		handle: (context) => openStream(context, "sse"),
	}),
	defineRoute({
		...stream,
		path: "/v1/events/ws",
		summary: "Follow events (WebSocket)",
		description:
			"The same over a WebSocket: each message is `{id, event, data}`; the first has the `id` alone, which is where the stream begins. `?lastEventId=` resumes.",
		responses: { 101: { description: "The protocol is switched" } },
		problems: [...stream.problems, "invalid_request"],
		handle(context) {
			if (context.request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
				return refuse("invalid_request", "This path takes a WebSocket handshake.");
			}
			return openStream(context, "socket");
		},
	}),
	defineRoute({
		method: "POST",
		path: "/v1/events",
		tag: "Events",
		summary: "Publish an event",
		description:
			"Recorded once it is answered; every timer whose schedule names the topic then hears of it. Conditions see the last event of a topic, and the stream tells of it as `event.published`.",
		auth: { scope: "event.publish" },
		request: { body: EventPublishSchema, example: PUBLISH_EXAMPLE },
		responses: {
			202: { description: "Recorded", schema: PublishedSchema, example: PUBLISHED_EXAMPLE },
		},
		problems: ["payload_too_large"],
		idempotency: "handled",
		handle: (context) => publishEvent(context, context.body, context.idempotency),
	}),
	defineRoute({
		method: "POST",
		path: "/v1/stream-tokens",
		tag: "Events",
		summary: "Make a stream token",
		description:
			"For a browser's EventSource or WebSocket, which cannot send a key: good for one stream, opened within a minute with `?token=`.",
		auth: { scope: "timer.read" },
		request: { body: z.strictObject({}), bodyOptional: true },
		responses: {
			201: { description: "Made", schema: StreamTokenSchema, example: STREAM_TOKEN_EXAMPLE },
		},
		idempotency: "ignored",
		handle: (context) => reply(createStreamToken(context), 201),
	}),
];
