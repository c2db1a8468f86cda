/**
 * The queue of a concurrency key, in the key's home: who has the key and who waits for it. It only
 * keeps order; what a firing does meanwhile is turns.ts.
 */

import type { Shard } from "../shard.ts";
import type { PlaceRow } from "../statements/concurrency.ts";

/** A firing of some shard: the row that stands for it there, and its number. */
export type Claimant = { readonly shard: number; readonly row: number; readonly firing: number };

/** Puts a firing at the end of the queue, or finds it there: it may ask twice. */
export function takePlace(
	{ store }: Shard,
	key: string,
	{ shard, row, firing }: Claimant,
): { readonly place: number; readonly isFirst: boolean } {
	const known = store.findPlace.first(key, shard, row, firing)?.place;
	const place = known ?? (store.lastPlace.first(key)?.place ?? 0) + 1;
	if (known === undefined) store.insertPlace.run(key, place, shard, row, firing);
	return { place, isFirst: store.firstPlace.first(key)?.place === place };
}

/** Takes a firing out of the queue. Answers the one that has the key by that, if it had it before. */
export function leavePlace(
	{ store }: Shard,
	key: string,
	place: number | null,
	claimant: Claimant,
): PlaceRow | undefined {
	const { shard, row, firing } = claimant;
	const known =
		place === null
			? store.findPlace.first(key, shard, row, firing)
			: store.getPlace.first(key, place);
	// Told twice, the place may be another's by now.
	if (known?.shard !== shard || known.row !== row || known.firing !== firing) return undefined;
	const wasFirst = store.firstPlace.first(key)?.place === known.place;
	store.deletePlace.run(key, known.place);
	return wasFirst ? store.firstPlace.first(key) : undefined;
}
