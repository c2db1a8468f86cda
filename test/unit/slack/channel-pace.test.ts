/** The pace of messages to a channel: what a crowd of them costs while Slack takes one a second. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { postponedDueAt } from "../../../src/core/postpone.ts";
import { type ChannelPace, slowDown, takeTurn } from "../../../src/core/slack/channel-pace.ts";
import { SECOND } from "../../../src/core/units.ts";

/** A Slack that takes a message when none came in the second before. */
function sendCrowd(size: number, random: () => number) {
	const due = Array.from({ length: size }, () => 0);
	let pace: ChannelPace | undefined;
	let takenAt = Number.NEGATIVE_INFINITY;
	let requests = 0;
	while (due.length > 0) {
		due.sort((a, b) => b - a);
		const now = due.pop() ?? 0;
		let sentAt = now;
		if (pace !== undefined && now > 0) {
			const turn = takeTurn(pace, now);
			pace = turn.pace;
			if (turn.kind === "postpone") {
				due.push(postponedDueAt(turn.at, now, random()));
				continue;
			}
			sentAt = turn.at;
		}
		requests += 1;
		if (sentAt - takenAt >= SECOND) takenAt = sentAt;
		else {
			const turn = slowDown(pace, sentAt, SECOND);
			pace = turn.pace;
			due.push(postponedDueAt(turn.at, sentAt, random()));
		}
	}
	return { requests, endedAt: takenAt };
}

it("[SLACK-22] sends a crowd to one channel at Slack's pace, with hardly a request in vain", () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 200 }),
			fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
			(size, stream) => {
				const { requests, endedAt } = sendCrowd(size, () => stream.next().value);
				// The first of each, before Slack has said anything, and then one each.
				expect(requests).toBeLessThanOrEqual(2 * size);
				expect(endedAt).toBeLessThanOrEqual(3 * size * SECOND + 60 * SECOND);
			},
		),
		{ numRuns: 50 },
	);
});

it("[SLACK-22] keeps no message to a channel from going again once its limit is over", () => {
	const { pace } = slowDown(undefined, 0, 17 * SECOND);
	expect(takeTurn(pace, 1)).toMatchObject({ kind: "postpone", at: 18 * SECOND });
	expect(takeTurn(pace, 16 * SECOND)).toMatchObject({ kind: "send", at: 17 * SECOND });
	expect(takeTurn(pace, 20 * SECOND)).toMatchObject({ kind: "send", at: 20 * SECOND });
});
