/** Finds what was probably meant, for "did you mean". Runs only once a request has been refused. */

/** Longest name that is compared: the distance costs length × length. */
const LONGEST_COMPARED = 64;

/** The candidate nearest to `name`, if it is near: a third of it, at most two letters, may differ. */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
	if (name.length > LONGEST_COMPARED) return undefined;
	const wanted = name.toLowerCase();
	let best: string | undefined;
	let bestDistance = Math.min(2, Math.floor(name.length / 3));
	for (const candidate of candidates) {
		const distance = editDistance(wanted, candidate.toLowerCase());
		if (distance < bestDistance || (distance === bestDistance && best === undefined)) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
	let beforeLast: readonly number[] = [];
	let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const replace = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
			let cost = Math.min(replace, at(last, j) + 1, at(row, j - 1) + 1);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
				cost = Math.min(cost, at(beforeLast, j - 2) + 1);
			}
			row.push(cost);
		}
		beforeLast = last;
		last = row;
	}
	return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
	return row[index] ?? Number.POSITIVE_INFINITY;
}
