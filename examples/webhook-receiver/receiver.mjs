/**
 * A webhook receiver as small as one can be and still be right: it checks the signature over the
 * bytes that came, does its work once per `webhook-id`, and answers. The README's quick start and
 * the guides run it. Plain JavaScript, so that any Node from 18 on can.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const port = Number(process.env["PORT"] ?? 4000);
const webhook = new Webhook(
	process.env["WEBHOOK_SECRET"] ??
		JSON.parse(readFileSync(".minoots/dev.json", "utf8")).webhookSecret,
);
/** Deliveries that were worked off. A real receiver keeps them with its data, in one transaction. */
const done = new Set();

const server = createServer(async (request, response) => {
	const chunks = [];
	for await (const chunk of request) chunks.push(chunk);
	response.writeHead(receive(request, Buffer.concat(chunks).toString())).end();
});
server.listen(port, "127.0.0.1", () => {
	console.log(`Receiving on http://127.0.0.1:${port}. Ctrl-C stops it.`);
});

/** Answers the HTTP status. */
function receive({ url, headers }, body) {
	const id = headers["webhook-id"];
	try {
		webhook.verify(body, headers);
	} catch (error) {
		console.log(`refused: ${error.message}`);
		return 401;
	}
	// `/status/503` plays a receiver that fails, for the guides on retries and dead letters.
	const status = Number(/^\/status\/(\d{3})$/.exec(url)?.[1] ?? 200);
	const attempt = `attempt ${headers["x-minoots-attempt"]} of ${id}`;
	if (status !== 200) console.log(`failing with ${status}: ${attempt}`);
	else if (done.has(id)) console.log(`done before: ${attempt}`);
	else console.log(`${describe(body)}, signature valid: ${attempt}`);
	if (status === 200) done.add(id);
	return status;
}

/** One line on what came; an action may bring a body of its own. */
function describe(text) {
	const body = text === "" ? undefined : JSON.parse(text);
	const dueAt = body?.data?.firing?.dueAt;
	if (dueAt === undefined) return `received ${text}`;
	const name = body.timer.name ?? body.timer.id;
	return `${name} fired, ${Date.now() - Date.parse(dueAt)} ms after it was due`;
}
