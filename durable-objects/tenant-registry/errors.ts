/** The registry's refusals, worded for the caller who reads them in a problem's `errors`. */
import { type Err, err } from "../../src/core/result.ts";
import type { RegistryError } from "./rpc.ts";

export const NOT_FOUND: Err<RegistryError> = err({ code: "not_found" });
export const UNAUTHORIZED: Err<RegistryError> = err({ code: "unauthorized" });
export const ALREADY_EXISTS: Err<RegistryError> = err({ code: "already_exists" });

/** Refuses one field of the call. */
export function invalid(path: string, message: string): Err<RegistryError> {
	return err({ code: "invalid", path, message });
}
