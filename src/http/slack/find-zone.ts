/**
 * The zone of a person in Slack: the one they have asked for, else the one that Slack names, which is
 * asked once an hour. When Slack does not answer, what it said last counts, then UTC.
 */
import { slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import { UserInfoSchema } from "../../contract/slack.ts";
import { zoneOf } from "../../core/recurrence/zone.ts";
import type { ZoneNote } from "../../core/slack/message.ts";
import { callSlack } from "../../slack-api.ts";
import { requireTenantKey } from "../../tenant-keys.ts";
import { USER_INFO_TIMEOUT_MS, ZONE_KEPT_MS } from "./constants.ts";
import type { Scene } from "./scene.ts";

export type FoundZone = { readonly zone: string; readonly zoneFrom: ZoneNote };

export async function findZone(scene: Scene): Promise<FoundZone> {
	const { zone, zoneAt, ownZone } = scene.person;
	if (ownZone !== null) return { zone: ownZone, zoneFrom: "own" };
	const { now } = scene.context;
	const isFresh = zoneAt !== null && zoneAt <= now && now < zoneAt + ZONE_KEPT_MS;
	if (zone !== null && isFresh) return { zone, zoneFrom: "slack" };
	const named = await askSlack(scene);
	if (named === undefined) {
		return zone === null ? { zone: "UTC", zoneFrom: "utc_unknown" } : { zone, zoneFrom: "stored" };
	}
	const workspace = slackWorkspaceOf(scene.context.env, scene.team);
	await workspace.putPerson(scene.user, { zone: named, zoneAt: now });
	return { zone: named, zoneFrom: "slack" };
}

async function askSlack({ context, installation, user }: Scene): Promise<string | undefined> {
	const { env, tenant, config, now } = context;
	const key = await requireTenantKey(env, { tenant, wrappedKey: config.wrappedKey }, now);
	const token = await key.unseal("slack-token", installation.sealedToken);
	if (!token.ok) throw new Error(`The workspace's token does not open: ${token.error.code}`);
	const answer = await callSlack(env, {
		method: "users.info",
		token: token.value,
		arguments: { user },
		timeoutMs: USER_INFO_TIMEOUT_MS,
	});
	if (!answer.ok) return undefined;
	const info = UserInfoSchema.safeParse(answer.value);
	const zone = info.success ? info.data.user.tz : undefined;
	return zone !== undefined && zoneOf(zone) !== undefined ? zone : undefined;
}
