/**
 * A stand-in for Slack, to try the network's Slack app without one: it agrees to every installation,
 * knows everybody's zone, and prints what Slack would show. The guide on Slack runs it.
 */
import { createServer } from "node:http";

const port = Number(process.env["PORT"] ?? 4000);

const ANSWERS = {
	"oauth.v2.access": {
		access_token: "xoxb-stand-in",
		token_type: "bot",
		scope: "commands,chat:write,chat:write.public,users:read",
		bot_user_id: "U0BOT",
		app_id: "A0APP",
		team: { id: "T0TRIAL", name: "Trial" },
		authed_user: { id: "U0YOU" },
		is_enterprise_install: false,
	},
	"users.info": { user: { id: "U0YOU", tz: "Europe/Berlin" } },
	"chat.postMessage": { channel: "C0GENERAL", ts: "1700000000.000100" },
	"auth.revoke": { revoked: true },
};

const server = createServer(async (request, response) => {
	const chunks = [];
	for await (const chunk of request) chunks.push(chunk);
	const method = new URL(request.url, "http://slack").pathname.split("/").at(-1);
	show(method, request.headers["content-type"] ?? "", Buffer.concat(chunks).toString());
	const answer = ANSWERS[method];
	const body = answer === undefined ? { ok: true } : { ok: true, ...answer };
	response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
});
server.listen(port, "127.0.0.1", () => {
	console.log(`Playing Slack on http://127.0.0.1:${port}. Ctrl-C stops it.`);
});

function show(method, type, body) {
	const message = type.includes("json")
		? JSON.parse(body)
		: Object.fromEntries(new URLSearchParams(body));
	if (message.text !== undefined) console.log(`in ${message.channel ?? "answer"}: ${message.text}`);
	else console.log(method);
}
