/**
 * Who holds a key, remembered for `PRINCIPAL_CACHE_MS`: the hot path asks no registry. A revoked or
 * changed key is honoured for at most that long, which the docs state. One cache an isolate.
 */
import type { Principal } from "../../durable-objects/tenant-registry/rpc.ts";
import { liesAhead } from "../core/lies-ahead.ts";
import type { Result } from "../core/result.ts";
import { PRINCIPAL_CACHE_MS, PRINCIPALS_KEPT, SHARED_LOOKUP_MS } from "./constants.ts";
import type { HttpFailure } from "./failure.ts";

/** `null`: the registry knows no such key. */
export type Holder = { readonly tenant: string; readonly principal: Principal } | null;

type Found = Result<Holder, HttpFailure>;
type Held = { readonly holder: Holder; readonly until: number };

const held = new Map<string, Held>();
const underWay = new Map<string, Promise<Found>>();

/** What is remembered of `key`; `undefined` when the registry must be asked. */
export function rememberedHolder(key: string, now: number): Holder | undefined {
	const entry = held.get(key);
	if (entry === undefined) return undefined;
	return liesAhead(entry.until, PRINCIPAL_CACHE_MS, now) ? entry.holder : undefined;
}

/**
 * Asks once for all requests that miss at the same time. The call belongs to the request that makes
 * it and dies with it; `waitUntil` keeps it alive when that client goes away, and a request that has
 * waited `SHARED_LOOKUP_MS` all the same asks for itself.
 */
export async function lookUpHolder(
	key: string,
	now: number,
	exec: Pick<ExecutionContext, "waitUntil">,
	lookup: () => Promise<Found>,
): Promise<Found> {
	const shared = underWay.get(key);
	if (shared !== undefined) {
		const answer = await Promise.race([shared, after(SHARED_LOOKUP_MS)]);
		if (answer !== undefined) return answer;
	}
	const call = lookup();
	underWay.set(key, call);
	exec.waitUntil(call.then(ignore, ignore));
	try {
		const found = await call;
		if (found.ok) remember(key, { holder: found.value, until: now + PRINCIPAL_CACHE_MS });
		return found;
	} finally {
		if (underWay.get(key) === call) underWay.delete(key);
	}
}

function remember(key: string, entry: Held): void {
	// A key that is asked for anew goes to the end, so the first ones are the oldest.
	held.delete(key);
	if (held.size >= PRINCIPALS_KEPT) held.delete(held.keys().next().value ?? key);
	held.set(key, entry);
}

function after(ms: number): Promise<undefined> {
	return new Promise((resolve) => setTimeout(resolve, ms, undefined));
}

function ignore(): void {}
