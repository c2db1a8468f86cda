/**
 * When the shard's one alarm must ring next: a pure projection of what is stored (decision 3).
 */

export type AlarmInputs = {
	/** Due time of the first unclaimed timer of each lane; null when it has none. */
	readonly nextDue: readonly (number | null)[];
	/** Whether the lane may have another envelope outstanding; if not, an outcome wakes it. */
	readonly laneOpen: readonly boolean[];
	/** When the first open lease runs out; null without one. */
	readonly leaseEnd: number | null;
	/** Whether a job is being worked off. */
	readonly jobOpen: boolean;
	/** When there is something old enough to be removed; null for never. */
	readonly removalAt: number | null;
};

/**
 * | what | rings at |
 * |---|---|
 * | a job is open | now + 1 |
 * | a timer of a lane with room | its due time |
 * | a lease | its end |
 * | something to be removed by age | when that is |
 * | nothing | null: no alarm |
 *
 * Never at or before now: the platform may keep a past alarm unfired for tens of seconds.
 */
export function planAlarm(inputs: AlarmInputs, now: number): number | null {
	let at = inputs.jobOpen ? now : Number.POSITIVE_INFINITY;
	inputs.nextDue.forEach((due, lane) => {
		if (due !== null && inputs.laneOpen[lane] === true) at = Math.min(at, due);
	});
	if (inputs.leaseEnd !== null) at = Math.min(at, inputs.leaseEnd);
	if (inputs.removalAt !== null) at = Math.min(at, inputs.removalAt);
	return at === Number.POSITIVE_INFINITY ? null : Math.max(now + 1, at);
}
