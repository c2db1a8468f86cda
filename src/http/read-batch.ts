/**
 * Reads a list whose items stand alone, as `{"timers": […]}` or as NDJSON with an item a line. A bad
 * item is that item's error; only a request that is no list at all is refused whole.
 */
import { err, ok, type Result } from "../core/result.ts";
import { checkJson } from "./check-json.ts";
import type { BatchItem } from "./context.ts";
import { type HttpFailure, refuseField } from "./failure.ts";
import { parseJson, parserMessage } from "./parse-json.ts";
import type { Batch } from "./route.ts";
import { showValue } from "./show-value.ts";
import { takeTenantId, tenantMismatch } from "./tenant-id.ts";
import { type Invalid, validate } from "./validate.ts";

const NDJSON_TYPE = /^\s*application\/(x-)?(ndjson|jsonl)\s*(;|$)/i;

/** The items of `text` in order, each parsed or refused. */
export function readBatch<I>(
	text: string,
	headers: Headers,
	batch: Batch<I>,
	tenant: string | undefined,
): Result<BatchItem<I>[], HttpFailure> {
	const lines = NDJSON_TYPE.test(headers.get("content-type") ?? "")
		? ok(linesOf(text))
		: itemsOf(text, headers, batch.field, tenant);
	if (!lines.ok) return lines;
	const count = lines.value.length;
	if (count === 0) return refuseField(batch.field, "expected at least 1 item, got none");
	if (count > batch.max) {
		return refuseField(batch.field, `expected at most ${batch.max} items, got ${count}`);
	}
	return ok(lines.value.map((line) => (line.ok ? readItem(line.value, batch, tenant) : line)));
}

function linesOf(text: string): BatchItem<unknown>[] {
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	return lines.map((line) => {
		try {
			return ok(JSON.parse(line));
		} catch (error) {
			return err({ code: "invalid_json", message: parserMessage(error) });
		}
	});
}

function itemsOf(
	text: string,
	headers: Headers,
	field: string,
	tenant: string | undefined,
): Result<BatchItem<unknown>[], HttpFailure> {
	const parsed = parseJson(text, headers);
	if (!parsed.ok) return parsed;
	const body = parsed.value;
	if (typeof body !== "object" || body === null || Array.isArray(body)) {
		return refuseField("", `expected an object with ${field}, got ${showValue(body)}`);
	}
	if (tenant !== undefined && !takeTenantId(body, tenant)) return tenantMismatch(tenant);
	const unknown = Object.keys(body).filter((key) => key !== field);
	if (unknown.length > 0) {
		return err({
			code: "validation_failed",
			errors: unknown.map((path) => ({ path, message: `unknown field; expected ${field}` })),
		});
	}
	const items: unknown = Reflect.get(body, field);
	if (!Array.isArray(items)) {
		return refuseField(field, `expected an array, got ${showValue(items)}`);
	}
	return ok(items.map((item) => ok(item)));
}

/** One item, whatever list it stands in. */
export function readItem<I>(
	value: unknown,
	batch: Pick<Batch<I>, "item">,
	tenant: string | undefined,
): BatchItem<I> {
	const flaw = checkJson(value);
	if (flaw !== undefined) return invalid({ code: "validation_failed", errors: [flaw] });
	if (tenant !== undefined && !takeTenantId(value, tenant)) {
		return err({ code: "tenant_mismatch", message: "tenantId names another tenant than the key" });
	}
	const parsed = validate(batch.item, value);
	return parsed.ok ? parsed : invalid(parsed.error);
}

function invalid({ code, errors }: Invalid): BatchItem<never> {
	const message = errors.map((error) => `${error.path}: ${error.message}`)[0] ?? "not valid";
	return err({ code, message, errors: [...errors] });
}
