/** A workspace that is connected to a tenant of its own, and a person who types commands in it. */
import type { Env } from "../../../src/env.ts";
import { signCommand, slashCommand } from "../../helpers/slack-requests.ts";
import { type Answer, newTenant } from "../timers/api.ts";
import { install, newTeam, type Stage, stage } from "./stage.ts";

export type Scene = {
	readonly at: Stage;
	readonly key: string;
	readonly team: string;
	readonly say: (text: string, changed?: object) => Promise<Answer>;
};

export async function newScene(plan = "enterprise", changed: Partial<Env> = {}): Promise<Scene> {
	const at = stage(changed);
	const { key } = await newTenant(plan);
	const team = newTeam();
	await install(at, key, team);
	return {
		at,
		key,
		team,
		say: async (text, changed = {}) =>
			at.send(
				"/slack/commands",
				await signCommand(slashCommand(text, { team_id: team, ...changed })),
			),
	};
}

export async function timersOf({ at, key }: Scene) {
	return (await at.call(key, "GET", "/v1/timers")).body.items;
}
