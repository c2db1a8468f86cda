/**
 * A timer's document as a shard stores it: its text, without the bodies that are stored elsewhere, and
 * what the shard must know without reading it. Refuses what is too large for a row.
 */
import type { JitterPolicy } from "../contract/jitter-policy.ts";
import { LIMITS } from "../contract/limits.ts";
import { type FiringPolicy, firingPolicyOf } from "./firing/policy.ts";
import type { StoredGraph } from "./fit-graph.ts";
import type { DependencyAddress } from "./normalise-dependencies.ts";
import { bytesBeyondRow, mayPass, offloadBodies, type Payload } from "./offload-bodies.ts";
import { err, ok, type Result } from "./result.ts";
import { type DedupeDoc, formatTimerDoc, type TimerDoc } from "./timer-doc.ts";
import { flagsOfDoc } from "./timer-flags.ts";
import type { TimerRefusal } from "./timer-rules.ts";

export type NormalTimer = {
	readonly dueAt: number;
	/** As stored, but with every body in place: what the answer to the create is rendered from. */
	readonly doc: TimerDoc;
	/** What a shard stores; the shape of `NewTimer`. */
	readonly stored: {
		readonly dueAt: number;
		readonly flags: number;
		readonly name: string | null;
		readonly doc: string;
		readonly dedupeKey: string | null;
		readonly firing?: FiringPolicy;
		readonly jitterPolicy?: JitterPolicy;
		readonly dedupe?: DedupeDoc;
		/** What the timer waits for; absent where it waits for nothing. */
		readonly dependsOn?: readonly DependencyAddress[];
		/** The timers that follow from it and are created with it. */
		readonly graph?: StoredGraph;
	};
	/** To be stored before the timer is. */
	readonly payloads: readonly Payload[];
};

/** @param dueAt epoch ms of its first firing */
export function fitDoc(doc: TimerDoc, dueAt: number): Result<NormalTimer, TimerRefusal> {
	let text = formatTimerDoc(doc);
	let payloads: readonly Payload[] = [];
	if (mayPass(text, LIMITS.inlineBodyBytes)) {
		const offloaded = offloadBodies(doc);
		payloads = offloaded.payloads;
		if (payloads.length > 0) text = formatTimerDoc(offloaded.doc);
	}
	const tooLarge = sizeRefusal(text);
	if (tooLarge !== undefined) return err(tooLarge);
	const { name = null, dedupeKey = null, dedupe } = doc;
	const flags = flagsOfDoc(doc);
	const firing = firingPolicyOf(doc);
	return ok({
		dueAt,
		doc,
		stored: {
			dueAt,
			flags,
			name,
			doc: text,
			dedupeKey,
			...(dedupe && { dedupe }),
			...(firing && { firing }),
			...(doc.jitterPolicy && { jitterPolicy: doc.jitterPolicy }),
		},
		payloads,
	});
}

/** Refuses a document (or a change to one) that is too large for a row. */
export function sizeRefusal(text: string): TimerRefusal | undefined {
	const bytes = bytesBeyondRow(text);
	if (bytes === undefined) return undefined;
	const detail = `The timer takes ${bytes} bytes without its large bodies; at most ${LIMITS.timerBytes} are stored.`;
	return { code: "payload_too_large", detail };
}
