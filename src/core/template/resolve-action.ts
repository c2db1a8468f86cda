/**
 * An action with its templates resolved, as it is to be carried out, or why it cannot be. Called by
 * the sender at every attempt; what comes out is judged and checked like what a caller writes.
 */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import { isObject } from "../jmespath/evaluate.ts";
import { utf8Length } from "../offload-bodies.ts";
import { err, ok, type Result } from "../result.ts";
import { kindOf } from "../services/service-kinds.ts";
import type { AgentDoc, ServiceDoc, TimerDoc, WebhookDoc } from "../timer-doc.ts";
import { methodOf } from "../webhook-body.ts";
import { checkActionHeaders } from "../webhook-headers.ts";
import type { TemplateContext } from "./context.ts";
import { renderTemplates, renderText } from "./render.ts";
import { TEMPLATE_MARK } from "./scan.ts";

/** Why, for whoever reads the dead letter: it names the expression. */
export type TemplateFailure = { readonly message: string };

type Resolved<T> = Result<T, TemplateFailure>;

export function resolveUrl(action: WebhookDoc, context: TemplateContext): Resolved<WebhookDoc> {
	const url = renderText(action.url, context);
	if (!url.ok) return fail("url", url.error.message);
	if (url.value.length > LIMITS.urlLength) {
		return fail("url", `it resolves to more than ${LIMITS.urlLength} characters`);
	}
	return ok({ ...action, url: url.value });
}

/** Headers and what the body is made of. A body in R2 is resolved once it has been loaded. */
export function resolveRequest(
	doc: Pick<TimerDoc, "message">,
	action: WebhookDoc,
	context: TemplateContext,
): Resolved<WebhookDoc> {
	const headers = action.headers && resolveHeaders(action.headers, context);
	if (headers !== undefined && !headers.ok) return headers;
	const rest = { ...action, ...(headers && { headers: headers.value }) };
	if (methodOf(action) === "GET" || action.bodyRef !== undefined) return ok(rest);
	if (action.body !== undefined) {
		const body = resolveBody(action.body, context);
		return body.ok ? ok({ ...rest, body: body.value }) : body;
	}
	const message = resolveMessage(action.message ?? doc.message, context);
	if (!message.ok) return message;
	const data = action.data && resolveObject("data", action.data, context);
	if (data !== undefined && !data.ok) return data;
	return ok({
		...rest,
		...(message.value !== undefined && { message: message.value }),
		...(data && { data: data.value }),
	});
}

/** A body as it was loaded: JSON text. */
export function resolvePayload(bytes: Uint8Array, context: TemplateContext): Resolved<Uint8Array> {
	// Only bodies that were written as JSON are stored.
	const body = resolveBody(JSON.parse(new TextDecoder().decode(bytes)) as JsonValue, context);
	return body.ok ? ok(new TextEncoder().encode(JSON.stringify(body.value))) : body;
}

/** The message and the command that an agent is handed. */
export function resolveAgent(
	doc: TimerDoc,
	action: AgentDoc,
	context: TemplateContext,
): Resolved<{ readonly doc: TimerDoc; readonly action: AgentDoc }> {
	const message = resolveMessage(doc.message, context);
	if (!message.ok) return message;
	const command = action.command && resolveObject("command", action.command, context);
	if (command !== undefined && !command.ok) return command;
	return ok({
		doc: { ...doc, ...(message.value !== undefined && { message: message.value }) },
		action: { ...action, ...(command && { command: command.value }) },
	});
}

/** What a service is asked for, held to the same rules as what a caller writes. */
export function resolveService<Doc extends ServiceDoc>(
	action: Doc,
	context: TemplateContext,
): Resolved<Doc> {
	const kind = kindOf(action);
	const resolved: Partial<Record<string, JsonValue>> = {};
	for (const member of kind.templated) {
		// A kind names members that are JSON.
		const value = action[member] as JsonValue | undefined;
		if (value === undefined) continue;
		const made = isText(value) ? renderText(value, context) : renderTemplates(value, context);
		if (!made.ok) return fail(member, made.error.message);
		resolved[member] = made.value;
	}
	// Texts stay texts and objects stay objects, so that it is what it was.
	const done = { ...action, ...resolved } as Doc;
	const [flaw] = kind.flawsOf(done);
	return flaw === undefined ? ok(done) : fail(flaw.path, flaw.message);
}

function isText(value: JsonValue): value is string {
	return typeof value === "string";
}

/** Names are never templates; a value may have become one that must not be sent. */
function resolveHeaders(
	headers: Readonly<Record<string, string>>,
	context: TemplateContext,
): Resolved<Record<string, string>> {
	const resolved: Record<string, string> = {};
	for (const [name, text] of Object.entries(headers)) {
		const value = renderText(text, context);
		if (!value.ok) return fail(`headers.${name}`, value.error.message);
		resolved[name] = value.value;
	}
	const checked = checkActionHeaders(resolved);
	if (checked.ok) return checked;
	const [issue] = checked.error;
	return fail(`headers.${issue?.path ?? ""}`, issue?.message ?? "");
}

function resolveBody(body: JsonValue, context: TemplateContext): Resolved<JsonValue> {
	const value = renderTemplates(body, context);
	if (!value.ok) return fail("body", value.error.message);
	const bytes = utf8Length(JSON.stringify(value.value));
	if (bytes <= LIMITS.bodyBytes) return value;
	return fail("body", `it resolves to ${bytes} bytes; at most ${LIMITS.bodyBytes} are sent`);
}

function resolveMessage(
	message: string | undefined,
	context: TemplateContext,
): Resolved<string | undefined> {
	if (message === undefined || !message.includes(TEMPLATE_MARK)) return ok(message);
	const text = renderText(message, context);
	return text.ok ? text : fail("message", text.error.message);
}

function resolveObject(
	name: string,
	object: JsonObject,
	context: TemplateContext,
): Resolved<JsonObject> {
	const value = renderTemplates(object, context);
	if (!value.ok) return fail(name, value.error.message);
	// Templates stand in texts, so that an object stays one.
	return ok(isObject(value.value) ? value.value : object);
}

function fail(field: string, why: string): Resolved<never> {
	return err({ message: `the template of ${field} cannot be resolved: ${why}` });
}
