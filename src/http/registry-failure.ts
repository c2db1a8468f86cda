/** What a registry refuses, as the caller of a route is told it. */
import type { RegistryError } from "../../durable-objects/tenant-registry/rpc.ts";
import { UNAVAILABLE_RETRY_MS } from "./constants.ts";
import type { HttpFailure } from "./failure.ts";

/** @param what the thing asked for, as a sentence's subject: `The tenant "a"` */
export function registryFailure(error: RegistryError, what: string): HttpFailure {
	switch (error.code) {
		case "unauthorized":
			return { code: "unauthorized", detail: "The key is not valid here." };
		case "not_found":
			return { code: "not_found", detail: `${what} does not exist.` };
		case "already_exists":
			return { code: "already_exists", detail: `${what} exists already.` };
		case "invalid":
			return {
				code: "validation_failed",
				errors: [{ path: error.path, message: error.message }],
			};
		case "unavailable":
			return { code: "unavailable", detail: error.detail, retryAfterMs: UNAVAILABLE_RETRY_MS };
	}
}
