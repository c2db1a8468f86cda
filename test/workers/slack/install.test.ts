/** Workspaces and tenants: the installation, its end, and who may do what to whom. */
import { expect, it } from "vitest";
import { slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import { sign, signCommand, signEvent, slashCommand } from "../../helpers/slack-requests.ts";
import { env, newTenant } from "../timers/api.ts";
import { install, newTeam, stage } from "./stage.ts";

const PATH = "/v1/slack/installations";

it("[SLACK-4] ties a workspace to the tenant whose link was opened", async () => {
	const at = stage();
	const { key, tenant } = await newTenant();
	const begun = await at.call(key, "POST", PATH);
	expect(begun.status).toBe(201);
	const url = new URL(begun.body.authorizeUrl);
	expect(url.origin + url.pathname).toBe("http://127.0.0.1:9/oauth/v2/authorize");
	expect(url.searchParams.get("scope")).toBe("commands,chat:write,chat:write.public,users:read");
	const team = newTeam();
	const state = url.searchParams.get("state") ?? "";
	const page = await at.call("", "GET", `/slack/oauth?code=${team}&state=${state}`);
	expect([page.status, page.body]).toEqual([
		200,
		expect.stringContaining("Fake &amp; Sons is connected"),
	]);
	expect(page.body).toContain(`the tenant “${tenant}”`);
	expect(at.slack.requests).toEqual([
		{
			method: "oauth.v2.access",
			authorization: `Basic ${btoa("1234567890.9876543210:s3cr3t")}`,
			body: { code: team },
		},
	]);
	const list = await at.call(key, "GET", PATH);
	expect(list.body.items).toMatchObject([{ team, name: "Fake & Sons", installedBy: "U0ADMIN" }]);
	expect(JSON.stringify(list.body)).not.toContain("xoxb");
});

it("[SLACK-5] takes a state once, and none that it has not made", async () => {
	const at = stage();
	const { key } = await newTenant();
	const begun = await at.call(key, "POST", PATH);
	const state = new URL(begun.body.authorizeUrl).searchParams.get("state") ?? "";
	const open = (text: string) => at.call("", "GET", `/slack/oauth?code=${newTeam()}&state=${text}`);
	expect((await open(state.replace("msi_t", "msi_u"))).body).toContain("This link has expired");
	expect((await open(state)).status).toBe(200);
	expect((await open(state)).body).toContain("was used already");
	expect((await open("")).status).toBe(400);
});

it("[SLACK-5] spends the state when the person says no", async () => {
	const at = stage();
	const { key } = await newTenant();
	const begun = await at.call(key, "POST", PATH);
	const state = new URL(begun.body.authorizeUrl).searchParams.get("state") ?? "";
	const refused = await at.call("", "GET", `/slack/oauth?error=access_denied&state=${state}`);
	expect([refused.status, refused.body]).toEqual([400, expect.stringContaining("access_denied")]);
	expect((await at.call(key, "GET", PATH)).body.items).toEqual([]);
});

it("[SLACK-6] leaves a workspace with its tenant, until that unties it", async () => {
	const at = stage();
	const [first, second] = [await newTenant(), await newTenant()];
	const team = newTeam();
	expect((await install(at, first.key, team)).status).toBe(200);
	const taken = await install(at, second.key, team);
	expect([taken.status, taken.body]).toEqual([409, expect.stringContaining("another tenant")]);
	expect((await at.call(second.key, "GET", PATH)).body.items).toEqual([]);
	expect((await at.call(second.key, "DELETE", `${PATH}/${team}`)).status).toBe(404);
	expect((await at.call(first.key, "DELETE", `${PATH}/${team}`)).status).toBe(204);
	expect(at.slack.requests.at(-1)).toMatchObject({
		method: "auth.revoke",
		authorization: `Bearer xoxb-${team}`,
	});
	expect((await install(at, second.key, team)).status).toBe(200);
});

it("[SLACK-6] says why an organisation's installation or expiring tokens cannot be used", async () => {
	const at = stage();
	const { key } = await newTenant();
	const answer = {
		ok: true,
		access_token: "xoxb-1",
		token_type: "bot",
		scope: "commands",
		bot_user_id: "U1",
		app_id: "A1",
		authed_user: { id: "U2" },
	};
	at.slack.answer("oauth.v2.access", () => ({
		body: { ...answer, team: null, is_enterprise_install: true },
	}));
	expect((await install(at, key, "c")).body).toContain("Timers belong to one workspace");
	at.slack.answer("oauth.v2.access", () => ({
		body: { ...answer, team: { id: newTeam(), name: "x" }, expires_in: 43_200 },
	}));
	expect((await install(at, key, "c")).body).toContain("token rotation");
	at.slack.answer("oauth.v2.access", () => ({ body: { ok: false, error: "bad_code" } }));
	expect((await install(at, key, "c")).body).toContain("bad_code");
	expect((await at.call(key, "GET", PATH)).body.items).toEqual([]);
});

it("[SLACK-6] keeps the tie while Slack cannot end the token, and not when that has ended", async () => {
	const at = stage();
	const { key } = await newTenant();
	const team = newTeam();
	await install(at, key, team);
	at.slack.answer("auth.revoke", () => ({ status: 503, body: {} }));
	expect((await at.call(key, "DELETE", `${PATH}/${team}`)).status).toBe(503);
	expect((await at.call(key, "GET", PATH)).body.items).toHaveLength(1);
	at.slack.answer("auth.revoke", () => ({ body: { ok: false, error: "token_revoked" } }));
	expect((await at.call(key, "DELETE", `${PATH}/${team}`)).status).toBe(204);
	expect((await at.call(key, "GET", PATH)).body.items).toEqual([]);
});

it("[SLACK-7] keeps the token only sealed", async () => {
	const at = stage();
	const { key, tenant } = await newTenant();
	const team = newTeam();
	await install(at, key, team);
	const held = await slackWorkspaceOf(env, team).getInstallation();
	expect(held?.tenant).toBe(tenant);
	expect(held?.sealedToken).toMatch(/^v1\./);
	expect(JSON.stringify(held)).not.toContain("xoxb");
});

it.each([
	["app_uninstalled", { type: "app_uninstalled" }, 0],
	["the bot's token is revoked", { type: "tokens_revoked", tokens: { bot: ["U0BOT"] } }, 0],
	["a person's token is revoked", { type: "tokens_revoked", tokens: { oauth: ["U1"] } }, 1],
])("[SLACK-8] forgets the workspace when %s", async (_, event, left) => {
	const at = stage();
	const { key } = await newTenant();
	const team = newTeam();
	await install(at, key, team);
	expect((await at.send("/slack/events", await signEvent(event, { team }))).status).toBe(200);
	expect((await at.call(key, "GET", PATH)).body.items).toHaveLength(left);
});

it("[SLACK-8] is not undone by an event from before the installation", async () => {
	const at = stage();
	const { key } = await newTenant();
	const team = newTeam();
	await install(at, key, team);
	const at_ = Math.floor(Date.now() / 1_000) - 60;
	const late = await signEvent({ type: "app_uninstalled" }, { team, at: at_ });
	expect((await at.send("/slack/events", late)).status).toBe(200);
	expect((await at.call(key, "GET", PATH)).body.items).toHaveLength(1);
});

it("[SLACK-8] leaves nothing behind for a workspace that it does not know", async () => {
	const at = stage();
	const event = await signEvent({ type: "app_uninstalled" }, { team: newTeam() });
	expect((await at.send("/slack/events", event)).status).toBe(200);
});

it("[SLACK-8] answers Slack's question whether the address is ours", async () => {
	const body = JSON.stringify({ type: "url_verification", challenge: "3eZbrw1a", token: "t" });
	const answer = await stage().send("/slack/events", await sign(body));
	expect([answer.status, answer.body]).toEqual([200, { challenge: "3eZbrw1a" }]);
});

it.each(["/slack/commands", "/slack/interactivity", "/slack/events"])(
	"[SLACK-3] refuses everything at %s that is not signed, or when there is no secret",
	async (path) => {
		const body = new URLSearchParams(Object.entries(slashCommand("help"))).toString();
		const signed = await sign(body);
		const unset = await stage({ SLACK_SIGNING_SECRET: "" }).send(path, signed);
		expect([unset.status, unset.body.code]).toEqual([503, "slack_not_configured"]);
		const old = await sign(body, { at: Date.now() - 301_000 });
		const other = await sign(body, { secret: "another" });
		const bare = { body, headers: {} };
		for (const request of [old, other, bare, { ...signed, body: `${body}&x=1` }]) {
			const refused = await stage().send(path, request);
			expect([refused.status, refused.body.code]).toEqual([401, "invalid_signature"]);
		}
	},
);

it("[SLACK-3] begins no installation without an app", async () => {
	const { key } = await newTenant();
	const answer = await stage({ SLACK_CLIENT_SECRET: "" }).call(key, "POST", PATH);
	expect([answer.status, answer.body.code]).toEqual([503, "slack_not_configured"]);
});

it("[SLACK-4] asks for the scope tenant.admin", async () => {
	const at = stage();
	const { key } = await newTenant();
	const weak = await at.call(key, "POST", "/v1/keys", { name: "k", scopes: ["timer.manage"] });
	for (const method of ["POST", "GET"]) {
		expect((await at.call(weak.body.apiKey, method, PATH)).status).toBe(403);
	}
});

it("[SLACK-10] says in a workspace that is not tied how to tie it", async () => {
	const answer = await stage().send(
		"/slack/commands",
		await signCommand(slashCommand("help", { team_id: newTeam() })),
	);
	expect(answer.status).toBe(200);
	expect(answer.body).toMatchObject({
		response_type: "ephemeral",
		text: expect.stringContaining("/v1/slack/installations"),
	});
});
