/** Slack waits three seconds: whichever object behind the edge is slow, it is answered in them. */
import { expect, it } from "vitest";
import type { Env } from "../../../src/env.ts";
import {
	pressedButton,
	type SignedRequest,
	signCommand,
	signEvent,
	signPress,
	slashCommand,
} from "../../helpers/slack-requests.ts";
import { env, newTenant } from "../timers/api.ts";
import { install, newTeam, stage } from "./stage.ts";

type Slow = "SLACK_WORKSPACE" | "TENANT_REGISTRY" | "TENANT_SHARD";

/** The objects of a binding, which answer nothing before `ready`. */
function slowly(name: Slow, ready: Promise<void>): Partial<Env> {
	// biome-ignore lint/suspicious/noExplicitAny: any object, whatever it is asked
	const objects: any = env[name];
	const slowed =
		(find: string) =>
		(...where: unknown[]) => {
			const stub = objects[find](...where);
			const ask =
				(method: string) =>
				async (...call: unknown[]) => {
					await ready;
					return stub[method](...call);
				};
			return new Proxy({}, { get: (_, method) => ask(String(method)) });
		};
	const idFromName = (id: string) => objects.idFromName(id);
	return { [name]: { idFromName, get: slowed("get"), getByName: slowed("getByName") } };
}

const REQUESTS: Record<
	string,
	(team: string, responseUrl: string, timer: string) => Promise<SignedRequest>
> = {
	"/slack/commands": (team_id, response_url) =>
		signCommand(slashCommand("cancel tea", { team_id, response_url })),
	"/slack/interactivity": (id, responseUrl, timer) =>
		signPress(
			pressedButton(
				{ actionId: "minoots_cancel", value: `1:${timer}::1764000000000` },
				responseUrl,
				{
					team: { id, domain: "fake" },
					user: { id: "U0ALICE", username: "alice", team_id: id },
				},
			),
		),
	"/slack/events": (team) => signEvent({ type: "app_uninstalled" }, { team }),
};

it.concurrent.each(
	Object.keys(REQUESTS).flatMap((path) =>
		(["SLACK_WORKSPACE", "TENANT_REGISTRY", "TENANT_SHARD"] as const).map(
			(slow) => [path, slow] as const,
		),
	),
)("[SLACK-12] answers %s in time while %s does not", async (path, slow) => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const { key } = await newTenant();
	const team = newTeam();
	await install(stage(), key, team);
	const at = stage(slowly(slow, promise));
	const made = await stage().call(key, "POST", "/v1/timers", {
		in: "1h",
		name: "tea",
		labels: { "slack.team": team, "slack.user": "U0ALICE" },
	});
	const request = await REQUESTS[path]?.(team, at.slack.responseUrl, made.body.id);
	if (request === undefined) throw new Error(path);
	const startedAt = Date.now();
	let answeredAfter = 0;
	const answer = await at.send(path, request, async () => {
		answeredAfter = Date.now() - startedAt;
		resolve();
	});
	expect(answeredAfter).toBeLessThan(3_000);
	// An event that was not carried out yet is to come again.
	expect(answer.status).toBe(path === "/slack/events" ? 503 : 200);
	if (path !== "/slack/events") expect(at.slack.requests.at(-1)?.method).toBe("response");
	const { body } = await stage().call(key, "GET", "/v1/slack/installations");
	expect(body.items).toHaveLength(path === "/slack/events" ? 0 : 1);
});
