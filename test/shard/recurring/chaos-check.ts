/** Says what does not hold. Used by the chaos of recurring timers. */
export function check(holds: boolean, what: string): void {
	if (!holds) throw broken(what);
}

export function broken(what: string): Error {
	return new Error(`It does not hold: ${what}.`);
}
