/**
 * The last look at a destination before every call out of the network: the URL by today's policy, and, deployed, where
 * its name leads. The local runtime judges the connection itself, in its `OUTBOUND` service.
 */
import type { Destination } from "../core/destination/check-destination.ts";
import type { Judge } from "../core/destination/judge.ts";
import { ExpiringMap } from "../core/expiring-map.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Env } from "../env.ts";
import { ADDRESSES_KEPT_MS, NAMES_KEPT } from "./constants.ts";
import { resolveDestination } from "./resolve-destination.ts";

export type RefusedDestination = {
	/** A refusal is for good; a name that could not be resolved may be back with the next attempt. */
	readonly failure: "destination_refused" | "connection_failed";
	readonly message: string;
};

type Verdict = Result<null, RefusedDestination>;

const verdicts = new ExpiringMap<string, Verdict>(NAMES_KEPT);

/** The destination to fetch, or why it must not be. */
export async function judgeDestination(
	env: Pick<Env, "RUNTIME" | "OUTBOUND">,
	url: string,
	judge: Judge,
): Promise<Result<Destination, RefusedDestination>> {
	const checked = judge(url);
	if (!checked.ok) return err({ failure: "destination_refused", message: checked.error.message });
	const { kind, host } = checked.value;
	if (env.RUNTIME !== "edge" || kind !== "name") return checked;
	const verdict = await judgeName(env, host);
	return verdict.ok ? checked : verdict;
}

async function judgeName(env: Pick<Env, "OUTBOUND">, host: string): Promise<Verdict> {
	const known = verdicts.get(host, Date.now());
	if (known !== undefined) return known;
	const resolved = await resolveDestination(host, (url, init) =>
		(env.OUTBOUND ?? globalThis).fetch(url, init),
	);
	const verdict = resolved.ok ? ok(null) : err(refusalOf(resolved.error));
	// A resolver that failed is asked again; what a name leads to holds for a moment.
	if (resolved.ok || resolved.error.reason !== "resolver_failed") {
		verdicts.set(host, verdict, Date.now(), ADDRESSES_KEPT_MS);
	}
	return verdict;
}

function refusalOf(error: {
	readonly reason: string;
	readonly message: string;
}): RefusedDestination {
	const isLookup = ["no_such_name", "no_address", "resolver_failed"].includes(error.reason);
	return {
		failure: isLookup ? "connection_failed" : "destination_refused",
		message: error.message,
	};
}
