/**
 * The id of a lease: the message's number, which lease of it this is, and a secret. Whoever holds an
 * older one is told that it is stale. Pure.
 */

export type LeaseName = { readonly seq: number; readonly attempt: number; readonly key: string };

const LEASE_ID = /^([1-9]\d{0,15})-([1-9]\d{0,8})-([0-9a-f]{16})$/;

export function leaseIdOf({ seq, attempt, key }: LeaseName): string {
	return `${seq}-${attempt}-${key}`;
}

/** `undefined`: nothing that a mailbox ever gave out. */
export function parseLeaseId(leaseId: string): LeaseName | undefined {
	const [, seq, attempt, key] = LEASE_ID.exec(leaseId) ?? [];
	if (seq === undefined || attempt === undefined || key === undefined) return undefined;
	return { seq: Number(seq), attempt: Number(attempt), key };
}
