/**
 * The launcher as a client of the network it started: waits until it answers and makes the
 * operator's calls over HTTP, as anybody with the operator's key could.
 */
import { setTimeout as delay } from "node:timers/promises";
import { err, ok, type Result } from "../src/core/result.ts";
import { MINUTE, SECOND } from "../src/core/units.ts";
import { isJsonObject, type JsonObject } from "./files.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** The Worker answers within some 50 ms of a start; one that has not by then never will. */
const READY_TIMEOUT_MS = 10 * SECOND;
const READY_POLL_MS = 10;
/** Waking asks every shard of every tenant, which may be many. */
const CALL_TIMEOUT_MS = MINUTE;

export type Answer = { readonly status: number; readonly body: JsonObject };

/** How many timers wait, over all shards; `failed` shards did not say, and the log says why. */
export type Wake = { readonly pending: number; readonly overdue: number; readonly failed: number };

export type Operator = {
	/** Resolves when `GET /readyz` answers 200. */
	waitUntilReady(): Promise<Result<void, Refusal>>;
	/** One POST with the operator's key, whatever its status; no answer at all is a refusal. */
	post(path: string, body: JsonObject): Promise<Result<Answer, Refusal>>;
	/**
	 * Tells every shard that the runtime's epoch is a new one, or that the machine's clock was set, so
	 * that overdue timers go out.
	 */
	wake(why: "started" | "clock_set"): Promise<Result<Wake, Refusal>>;
};

export function createOperator(url: string, adminKey: string): Operator {
	const call = async (method: string, path: string, init: RequestInit) => {
		try {
			const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
			const response = await fetch(url + path, { method, signal, ...init });
			return ok({ status: response.status, body: toObject(await response.text()) });
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			return err(refusal(`The network does not answer ${method} ${path}: ${why}`));
		}
	};
	const post: Operator["post"] = (path, body) =>
		call("POST", path, {
			headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
			body: JSON.stringify(body),
		});
	return {
		post,
		async waitUntilReady() {
			const deadline = performance.now() + READY_TIMEOUT_MS;
			for (;;) {
				const answer = await call("GET", "/readyz", {});
				if (!answer.ok) return answer;
				if (answer.value.status === 200) return ok(undefined);
				if (performance.now() > deadline) {
					const line = `The network does not get ready: GET /readyz says ${answer.value.status}`;
					return err(refusal(line));
				}
				await delay(READY_POLL_MS);
			}
		},
		async wake(why) {
			const answer = await post("/internal/wake", { clockWasSet: why === "clock_set" });
			if (!answer.ok) return answer;
			const { status, body } = answer.value;
			const { pending, overdue, failed } = body;
			if (typeof pending === "number" && typeof overdue === "number") {
				return ok({ pending, overdue, failed: typeof failed === "number" ? failed : 0 });
			}
			return err(refusal(`The shards did not wake: POST /internal/wake says ${status}`));
		},
	};
}

function toObject(text: string): JsonObject {
	try {
		const value: unknown = JSON.parse(text);
		return isJsonObject(value) ? value : {};
	} catch {
		return {}; // a plain-text error: its status says enough
	}
}
