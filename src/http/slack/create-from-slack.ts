/**
 * Creates the timer that somebody asked for in Slack, on the road of `POST /v1/timers`: the same
 * schema, rules, quotas and keys. It says where it comes from in its labels, by which it is found.
 */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { type TimerCreate, TimerCreateSchema, type TimerView } from "../../contract/timer.ts";
import type { SlackCommand } from "../../core/slack/command.ts";
import { toPlainTemplate } from "../../core/slack/plain-text.ts";
import { quietUntil } from "../../core/slack/quiet-hours.ts";
import { renderFailure } from "../../core/slack/render-answer.ts";
import { renderScheduled } from "../../core/slack/render-scheduled.ts";
import { checkJson } from "../check-json.ts";
import { createTimer } from "../timers/create-timer.ts";
import { validate } from "../validate.ts";
import { type SlackAnswer, toAsker } from "./answer.ts";
import { dueAtOf, timerIn } from "./change-timer.ts";
import { failureText } from "./failure-text.ts";
import { CHANNEL_LABEL, TEAM_LABEL, USER_LABEL } from "./own-timers.ts";
import type { Asked } from "./run-command.ts";
import type { Scene } from "./scene.ts";

type Create = Extract<SlackCommand, { kind: "create" }>;

const WHAT = "schedule timer";

export async function createFromSlack(
	{ timer: wanted, text, inChannel, told }: Create,
	{ scene, zone, claim }: Asked,
): Promise<SlackAnswer> {
	const body = withMessage(wanted, text, scene);
	// What flags hold as JSON has not been looked at yet.
	const flaw = checkJson(body);
	if (flaw !== undefined) return toAsker(renderFailure(WHAT, `${flaw.path}: ${flaw.message}`));
	const input = validate<TimerCreate>(TimerCreateSchema, body);
	if (!input.ok) return toAsker(renderFailure(WHAT, failureText(input.error)));
	const created = await createTimer(scene.context, input.value, claim);
	if (!created.ok) return toAsker(renderFailure(WHAT, failureText(created.error)));
	const timer = timerIn(created.value);
	const { person, user, context } = scene;
	const message = renderScheduled(
		{
			timer,
			text,
			told,
			...zone,
			quiet: person.quiet,
			quietUntil: heldUntil(timer, person.quiet, zone.zone),
			by: user,
			buttons: true,
			forAll: inChannel,
		},
		context.tenantNow,
	);
	return { message, inChannel };
}

function heldUntil(timer: TimerView, quiet: Scene["person"]["quiet"], zone: string): number | null {
	const dueAt = dueAtOf(timer);
	return quiet === null || dueAt === null ? null : quietUntil(quiet, zone, dueAt);
}

/** The timer with the message for Slack among its actions. */
function withMessage(wanted: JsonObject, text: string, scene: Scene): JsonObject {
	const { team, user, channel } = scene;
	const parameters = { team, channel, user, text: toPlainTemplate(text), buttons: true };
	const labels = {
		...(isObject(wanted["labels"]) && wanted["labels"]),
		[TEAM_LABEL]: team,
		[USER_LABEL]: user,
		...(channel !== null && { [CHANNEL_LABEL]: channel }),
	};
	const { actionBundle: bundle } = wanted;
	// A timer that says by a bundle what it does cannot say it in another way too.
	if (isObject(bundle) && Array.isArray(bundle["actions"])) {
		const action = { id: "slack", kind: "slack_message", parameters };
		const actions = [...bundle["actions"], action];
		return { ...wanted, labels, actionBundle: { ...bundle, actions } };
	}
	return { ...wanted, labels, actions: [{ type: "slack_message", ...parameters }] };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
