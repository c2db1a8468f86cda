/** Samples of the calls about dead letters, events and mailboxes. */
import type { Samples } from "./sample.ts";

export const DELIVERY_SAMPLES: Samples = {
	"GET /v1/dead-letters": {
		given: "dead-letter",
		typescript:
			"for await (const letter of minoots.deadLetters.list()) console.log(letter.id, letter.reason);",
		cli: "minoots dlq list",
	},
	"GET /v1/dead-letters/:id": {
		given: "dead-letter",
		typescript: `const { history } = await minoots.deadLetters.get(id);
for (const { at, status, excerpt } of history) console.log(at, status, excerpt);`,
		cli: "minoots dlq show $ID",
	},
	"POST /v1/dead-letters/:id/replay": {
		given: "dead-letter",
		typescript: `await minoots.deadLetters.replay(id, {
  patch: { url: "https://example.com/hooks/moved" },
});`,
		cli: "minoots dlq replay $ID --set url=https://example.com/hooks/moved",
	},
	"POST /v1/dead-letters/replay": {
		given: "dead-letter",
		typescript: `const { replayed } = await minoots.deadLetters.replayAll({
  filter: { host: "example.com" },
  ratePerSecond: 50,
});
console.log(replayed);`,
		cli: "minoots dlq replay --host example.com --rate 50 --yes",
	},
	"DELETE /v1/dead-letters/:id": {
		given: "dead-letter",
		typescript: "await minoots.deadLetters.delete(id);",
		cli: "minoots dlq delete $ID",
	},
	"GET /v1/events/stream": {
		given: "soon",
		curl: 'curl -N --max-time 10 $URL/v1/events/stream -H "Authorization: Bearer $KEY" | head -n 5',
		typescript: `for await (const event of minoots.events.stream({ topic: "timer.*" })) {
  console.log(event.type, event.subject);
  break;
}`,
		cli: "minoots events --follow --json | head -n 1",
	},
	"GET /v1/events/ws": {
		curl: `curl -sN --http1.1 --max-time 2 $URL/v1/events/ws -H "Authorization: Bearer $KEY" \\
  -H "Connection: Upgrade" -H "Upgrade: websocket" -i \\
  -H "Sec-WebSocket-Version: 13" -H "Sec-WebSocket-Key: bWlub290cy1taW5vb3RzIQ==" | head -n 1`,
		typescript: `const { token } = await minoots.events.token();
const socket = new WebSocket(\`\${url}/v1/events/ws?token=\${token}\`);
socket.onmessage = ({ data }) => console.log(JSON.parse(data));
socket.onopen = () => setTimeout(() => socket.close(), 1_000);`,
		cli: "minoots events --follow --json | head -n 1",
		given: "soon",
	},
	"POST /v1/events": {
		typescript:
			'await minoots.events.publish({ topic: "orders.paid", payload: { order: "A-17", total: 42.5 } });',
		cli: 'minoots events publish orders.paid \'{"order":"A-17","total":42.5}\'',
	},
	"POST /v1/stream-tokens": {
		typescript: `const { token } = await minoots.events.token();
const stream = new EventSource(\`\${url}/v1/events/stream?token=\${token}\`);
stream.addEventListener("timer.fired", ({ data }) => console.log(JSON.parse(data)));
stream.onopen = () => stream.close();`,
		cli: "minoots api POST /v1/stream-tokens",
	},
	"GET /v1/mailboxes": {
		given: "message",
		typescript:
			"for await (const mailbox of minoots.mailboxes.list()) console.log(mailbox.name, mailbox.depth);",
		cli: "minoots mailbox list",
	},
	"GET /v1/mailboxes/:name": {
		given: "message",
		typescript: "const { depth } = await minoots.mailboxes.get(name);\nconsole.log(depth);",
		cli: "minoots mailbox show $NAME",
	},
	"DELETE /v1/mailboxes/:name": {
		given: "message",
		typescript: "await minoots.mailboxes.delete(name);",
		cli: "minoots mailbox delete $NAME --yes",
	},
	"POST /v1/mailboxes/:name/messages": {
		curl: `curl $URL/v1/mailboxes/builds/messages \\
  -H "Authorization: Bearer $KEY" -d '{"body":{"branch":"main"},"priority":3}'`,
		typescript:
			'await minoots.mailboxes.send("builds", { body: { branch: "main" }, priority: 3 });',
		cli: 'minoots mailbox send builds \'{"branch":"main"}\' --priority 3',
	},
	"POST /v1/mailboxes/:name/messages/pull": {
		given: "message",
		typescript: `const { messages } = await minoots.mailboxes.pull(name, { batchSize: 10, waitMs: 30_000 });
for (const { body, leaseId } of messages) console.log(body, leaseId);`,
		cli: "minoots mailbox pull $NAME --batch 10 --wait 30s",
	},
	"POST /v1/mailboxes/:name/messages/ack": {
		given: "lease",
		curl: `curl $URL/v1/mailboxes/$NAME/messages/ack -H "Authorization: Bearer $KEY" \\
  -d "{\\"acks\\":[{\\"leaseId\\":\\"$LEASE\\",\\"result\\":{\\"exitCode\\":0}}]}"`,
		typescript:
			"await minoots.mailboxes.ack(name, { acks: [{ leaseId: lease, result: { exitCode: 0 } }] });",
		cli: "minoots mailbox ack $NAME $LEASE --result '{\"exitCode\":0}'",
	},
	"POST /v1/mailboxes/:name/messages/extend": {
		given: "lease",
		curl: `curl $URL/v1/mailboxes/$NAME/messages/extend -H "Authorization: Bearer $KEY" \\
  -d "{\\"leases\\":[{\\"leaseId\\":\\"$LEASE\\",\\"byMs\\":60000}]}"`,
		typescript:
			"await minoots.mailboxes.extend(name, { leases: [{ leaseId: lease, byMs: 60_000 }] });",
		cli: "minoots mailbox extend $NAME $LEASE --by 1m",
	},
	"GET /v1/mailboxes/:name/dead-messages": {
		given: "dead-message",
		typescript:
			"for await (const message of minoots.mailboxes.deadMessages.list(name)) console.log(message.id);",
		cli: "minoots api GET /v1/mailboxes/$NAME/dead-messages",
	},
	"POST /v1/mailboxes/:name/dead-messages/:id/replay": {
		given: "dead-message",
		typescript: "await minoots.mailboxes.deadMessages.replay(name, id);",
		cli: "minoots api POST /v1/mailboxes/$NAME/dead-messages/$ID/replay",
	},
	"DELETE /v1/mailboxes/:name/dead-messages/:id": {
		given: "dead-message",
		typescript: "await minoots.mailboxes.deadMessages.delete(name, id);",
		cli: "minoots api DELETE /v1/mailboxes/$NAME/dead-messages/$ID",
	},
	"POST /client/v4/accounts/:account/queues/:queue/messages/pull": {
		given: "message",
		typescript: `const cloudflare = new Cloudflare({ apiToken: key, baseURL: \`\${url}/client/v4\` });
const pulled = await cloudflare.queues.messages.pull(queue, { account_id: account, batch_size: 10 });
console.log(pulled.messages);`,
		cli: "minoots mailbox pull $QUEUE --batch 10",
	},
	"POST /client/v4/accounts/:account/queues/:queue/messages/ack": {
		given: "lease",
		curl: `curl $URL/client/v4/accounts/$ACCOUNT/queues/$QUEUE/messages/ack \\
  -H "Authorization: Bearer $KEY" -d "{\\"acks\\":[{\\"lease_id\\":\\"$LEASE\\"}]}"`,
		typescript: `const cloudflare = new Cloudflare({ apiToken: key, baseURL: \`\${url}/client/v4\` });
await cloudflare.queues.messages.ack(queue, { account_id: account, acks: [{ lease_id: lease }] });`,
		cli: "minoots mailbox ack $QUEUE $LEASE",
	},
	"POST /client/v4/accounts/:account/queues/:queue/messages": {
		given: "message",
		typescript: `const cloudflare = new Cloudflare({ apiToken: key, baseURL: \`\${url}/client/v4\` });
await cloudflare.queues.messages.push(queue, { account_id: account, body: { branch: "main" }, content_type: "json" });`,
		cli: 'minoots mailbox send $QUEUE \'{"branch":"main"}\'',
	},
	"POST /client/v4/accounts/:account/queues/:queue/messages/batch": {
		given: "message",
		typescript: `const cloudflare = new Cloudflare({ apiToken: key, baseURL: \`\${url}/client/v4\` });
await cloudflare.queues.messages.bulkPush(queue, {
  account_id: account,
  messages: [{ body: { branch: "main" }, content_type: "json" }],
});`,
		cli: 'minoots mailbox send $QUEUE \'{"branch":"main"}\'',
	},
};
