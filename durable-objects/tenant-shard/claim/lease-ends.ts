/**
 * The ends of leases: what ran out is due again, and no lease lasts longer than the longest because
 * the clock was set back. Called by the alarm and by a wake.
 */
import { LEASE_MAX_MS } from "../../../src/core/lease.ts";
import { liesAhead } from "../../../src/core/lies-ahead.ts";
import { expireClaim } from "../settle/settle.ts";
import type { Shard } from "../shard.ts";
import { formatClaimed } from "./claim-book.ts";

export function expireLeases(shard: Shard): void {
	const now = Date.now();
	for (const claim of [...shard.claims.list()]) {
		if (claim.leaseUntil > now) continue;
		shard.attempt("expire", () => shard.transact((tx) => expireClaim(shard, tx, claim)));
	}
}

/**
 * Ends leases that reach further ahead than any does within the longest one. An envelope that was
 * lost would else be missed only when the clock comes to where it once was.
 */
export function shortenLeases(shard: Shard): void {
	const now = Date.now();
	for (const claim of shard.claims.list()) {
		if (claim.leaseUntil <= now || liesAhead(claim.leaseUntil, LEASE_MAX_MS, now)) continue;
		shard.attempt("lease", () =>
			shard.transact((tx) => {
				const leaseUntil = now + LEASE_MAX_MS;
				const open = formatClaimed(claim.open.values());
				shard.store.renewClaim.run(leaseUntil, claim.epoch, open, claim.id);
				tx.onCommit(() => {
					claim.leaseUntil = leaseUntil;
				});
			}),
		);
	}
}
