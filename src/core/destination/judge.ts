/**
 * `checkDestination` under one policy, with a memory: a batch names one URL ten thousand times, and a
 * storm sends to it as often. The verdict depends on nothing but text and policy, so it cannot age.
 */
import type { Result } from "../result.ts";
import { checkDestination, type Destination, type DestinationPolicy } from "./check-destination.ts";
import type { DestinationError } from "./errors.ts";

export type Judge = (url: string) => Result<Destination, DestinationError>;

/** URLs remembered: about 1 MB of the longest. The oldest is forgotten first. */
const URLS_KEPT = 256;

export function createJudge(policy: DestinationPolicy): Judge {
	const verdicts = new Map<string, ReturnType<Judge>>();
	return (url) => {
		const known = verdicts.get(url);
		if (known !== undefined) return known;
		const verdict = checkDestination(url, policy);
		const oldest = verdicts.size < URLS_KEPT ? undefined : verdicts.keys().next().value;
		if (oldest !== undefined) verdicts.delete(oldest);
		verdicts.set(url, verdict);
		return verdict;
	};
}
