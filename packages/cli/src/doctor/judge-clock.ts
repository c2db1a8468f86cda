/**
 * How far this machine's clock is from the network's, by the `Date` fields of its answers. Pure. A
 * Date has whole seconds, and between request and answer time passes: what is known is a range.
 */
import type { Answer } from "./ask.ts";
import { type Finding, failed, ok, skipped } from "./hop.ts";

/** RFC 9110, 5.6.7: a Date is cut to its second. */
const DATE_RESOLUTION_MS = 1_000;
/**
 * From here on it does harm: instants that are worked out here fire so much early or late. Receivers
 * of webhooks refuse what is five minutes off (Standard Webhooks).
 */
const HARMFUL_MS = 5_000;

/** Milliseconds that the network's clock is ahead of ours: at least, at most. */
export type Skew = { readonly least: number; readonly most: number };

type Sample = Pick<Answer, "headers" | "sentAt" | "receivedAt">;

/** All answers together: each narrows the range down. Undefined where none has a Date. */
export function skewOf(samples: readonly Sample[]): Skew | undefined {
	const ranges = samples.flatMap(({ headers, sentAt, receivedAt }) => {
		const date = Date.parse(headers.get("date") ?? "");
		if (Number.isNaN(date)) return [];
		return [{ least: date - receivedAt, most: date + DATE_RESOLUTION_MS - sentAt }];
	});
	if (ranges.length === 0) return undefined;
	const least = Math.max(...ranges.map((one) => one.least));
	const most = Math.min(...ranges.map((one) => one.most));
	// Contradicting answers, of several machines behind one address: the first one counts.
	return least <= most ? { least, most } : ranges[0];
}

export function judgeClock(skew: Skew | undefined): Finding {
	if (skew === undefined) return skipped("the answers carry no Date");
	const { least, most } = skew;
	// What is certain, whatever the way there took.
	const sure = least > 0 ? least : Math.min(most, 0);
	if (Math.abs(sure) < HARMFUL_MS) {
		return ok(
			sure === 0
				? "agrees with the network's"
				: `within ${seconds(Math.abs(sure))} of the network's`,
		);
	}
	const way = sure > 0 ? "behind" : "ahead of";
	return failed(
		`this machine's clock is at least ${seconds(Math.abs(sure))} ${way} the network's`,
		"Set it, best by a time service: `timedatectl set-ntp true`.",
	);
}

function seconds(ms: number): string {
	return `${Number((ms / 1_000).toFixed(1))} s`;
}
