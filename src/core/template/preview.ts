/**
 * Resolves a template over a context that a caller invents. Pure; called by the route that lets
 * callers try their templates.
 */
import type { FieldError } from "../../contract/error.ts";
import type { JsonValue } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import type { TemplatePreview, TemplatePreviewAnswer } from "../../contract/template.ts";
import { parseInstant } from "../instant.ts";
import { Budget } from "../jmespath/budget.ts";
import { err, ok, type Result } from "../result.ts";
import { checkTemplates } from "./check.ts";
import { TemplateContext } from "./context.ts";
import { renderTemplates } from "./render.ts";
import { missingVariables, templateVariables } from "./variables.ts";

/** @param arrivedAt epoch ms that `now` is where the context has none */
export function previewTemplate(
	{ template, context = {} }: TemplatePreview,
	arrivedAt: number,
): Result<TemplatePreviewAnswer, readonly FieldError[]> {
	const now = readNow(context["now"], arrivedAt);
	const zone = readZone(context["timezone"]);
	if (!now.ok) return err([now.error]);
	if (!zone.ok) return err([zone.error]);
	const flaws = checkTemplates(template, "template", new Budget());
	if (flaws.length > 0) return err(flaws);
	const seen = new TemplateContext(context, now.value, zone.value);
	const value = renderTemplates(template, seen);
	if (!value.ok) return err([{ path: "template", message: value.error.message }]);
	return ok({
		value: value.value,
		variables: [...templateVariables(template)],
		missing: [...missingVariables(template, seen)],
	});
}

function readNow(now: JsonValue | undefined, arrivedAt: number): Result<number, FieldError> {
	const path = "context.now";
	if (now === undefined) return ok(arrivedAt);
	if (typeof now === "number") {
		if (Number.isInteger(now) && now >= 0 && now <= LIMITS.instantMax) return ok(now);
		return err({ path, message: `got ${now}; epoch milliseconds are expected` });
	}
	const instant = typeof now === "string" ? parseInstant(now) : undefined;
	if (instant?.ok) return instant;
	const message = instant?.error.message ?? "an instant in RFC 3339 or epoch ms is expected";
	return err({ path, message });
}

function readZone(zone: JsonValue | undefined): Result<string, FieldError> {
	if (zone === undefined) return ok("UTC");
	try {
		if (typeof zone === "string") {
			return ok(new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone);
		}
	} catch {
		// Whatever is thrown, the name is none.
	}
	const message = `got ${JSON.stringify(zone)}; the IANA name of a time zone is expected`;
	return err({ path: "context.timezone", message });
}
