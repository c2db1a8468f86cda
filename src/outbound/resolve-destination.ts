/**
 * Asks where a public name leads, over DNS-over-HTTPS, and judges every answer. Used only where
 * the runtime cannot judge the connection itself: deployed (`RUNTIME = "edge"`), by the sender,
 * once per name and envelope. It narrows the rebinding window, it does not close it:
 * docs/decisions/0003-destinations.md.
 */

import { z } from "zod";
import { checkResolvedAddress } from "../core/destination/check-destination.ts";
import type { DestinationError } from "../core/destination/errors.ts";
import { err, ok, type Result } from "../core/result.ts";
import { SECOND } from "../core/units.ts";

/** The resolver that Cloudflare's own network uses, so both lookups mostly meet one cache. */
const RESOLVER_URL = "https://cloudflare-dns.com/dns-query";

/** Resolvers give up on an authority after about 5 s; a slower answer is of no use to a webhook. */
const RESOLVE_TIMEOUT_MS = 5 * SECOND;

/** Resource record types and response codes (IANA DNS parameters, RFC 1035, RFC 3596). */
const RECORD_TYPES = { A: 1, AAAA: 28 } as const;
const NO_ERROR = 0;
const NAME_ERROR = 3;

const answerSchema = z.object({
	Status: z.number(),
	Answer: z.array(z.object({ type: z.number(), data: z.string() })).default([]),
});

export type ResolutionError = {
	/** `resolver_failed` may pass by itself; the other two are about the name. */
	readonly reason: "no_such_name" | "no_address" | "resolver_failed";
	readonly message: string;
};

export type ResolverFetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * The addresses of a public name, all of them public, or why it must not be called. One inward
 * address among several refuses the name, since nobody knows which one a connection takes.
 */
export async function resolveDestination(
	name: string,
	fetch: ResolverFetch,
	timeoutMs = RESOLVE_TIMEOUT_MS,
): Promise<Result<readonly string[], ResolutionError | DestinationError>> {
	const resolved = await resolveName(name, fetch, timeoutMs);
	if (!resolved.ok) {
		return resolved;
	}
	const refused = resolved.value.map(checkResolvedAddress).find((checked) => !checked.ok);
	return refused ?? resolved;
}

/**
 * The IPv4 and IPv6 addresses of a name, unjudged and never empty. Both questions must be answered:
 * one that failed may hide the address that the connection takes.
 */
export async function resolveName(
	name: string,
	fetch: ResolverFetch,
	timeoutMs = RESOLVE_TIMEOUT_MS,
): Promise<Result<readonly string[], ResolutionError>> {
	const signal = AbortSignal.timeout(timeoutMs);
	const [v4, v6] = await Promise.all([
		query(name, "A", fetch, signal),
		query(name, "AAAA", fetch, signal),
	]);
	if (!v4.ok) {
		return v4;
	}
	if (!v6.ok) {
		return v6;
	}
	const addresses = [...v4.value, ...v6.value];
	return addresses.length === 0
		? err({ reason: "no_address", message: `${name} exists but has no address` })
		: ok(addresses);
}

async function query(
	name: string,
	type: keyof typeof RECORD_TYPES,
	fetch: ResolverFetch,
	signal: AbortSignal,
): Promise<Result<string[], ResolutionError>> {
	const question = `${type} of ${name}`;
	try {
		const response = await fetch(`${RESOLVER_URL}?${new URLSearchParams({ name, type })}`, {
			headers: { accept: "application/dns-json" },
			redirect: "manual",
			signal,
		});
		if (response.status !== 200) {
			await response.body?.cancel();
			return failed(question, `HTTP status ${response.status}`);
		}
		const answer = answerSchema.parse(await response.json());
		if (answer.Status === NAME_ERROR) {
			return err({ reason: "no_such_name", message: `${name} does not exist (NXDOMAIN)` });
		}
		if (answer.Status !== NO_ERROR) {
			return failed(question, `DNS response code ${answer.Status}`);
		}
		// The answer also holds the CNAME records that led there.
		const records = answer.Answer.filter((record) => record.type === RECORD_TYPES[type]);
		return ok(records.map((record) => record.data));
	} catch (cause) {
		return failed(question, cause instanceof Error ? `${cause.name}: ${cause.message}` : "unknown");
	}
}

function failed(question: string, why: string): Result<never, ResolutionError> {
	return err({ reason: "resolver_failed", message: `asking for ${question} failed: ${why}` });
}
