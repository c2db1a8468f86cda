/**
 * The gauges of a mailbox: what waits to be pulled, and since when. Stated at most once in
 * `PUSH_EVERY_MS`, and only after a change; see shared/metrics-pusher.ts.
 */
import { MAILBOX_MESSAGES, OLDEST_MESSAGE, seriesOf } from "../../src/core/metrics-catalog.ts";
import type { GaugeSet } from "../../src/core/metrics-gauges.ts";
import { logLine } from "../shared/log.ts";
import { MetricsPusher } from "../shared/metrics-pusher.ts";
import type { Mailbox } from "./mailbox.ts";
import { stateOf } from "./state.ts";

/** A pusher for `mailbox`, which has its first message by now. */
export function createMailboxPusher(mailbox: Mailbox): MetricsPusher {
	const { tenant, name } = mailbox.row ?? { tenant: "", name: "" };
	return new MetricsPusher({
		source: `mailbox:${tenant}:${name}`,
		run: crypto.randomUUID(),
		gauges: () => gaugesOf(mailbox),
		onFault: (error) => {
			const record = { at: Date.now(), kind: "metrics_not_pushed", tenant, mailbox: name };
			logLine(mailbox.env, { ...record, error: String(error) }, mailbox.ctx);
		},
	});
}

/** An empty mailbox states nothing and is forgotten, so that there are never many. */
function gaugesOf(mailbox: Mailbox): GaugeSet {
	const state = stateOf(mailbox);
	if (state === null || state.oldestAt === null) return {};
	return {
		[seriesOf(MAILBOX_MESSAGES)]: state.depth,
		[seriesOf(OLDEST_MESSAGE)]: state.oldestAt,
	};
}
