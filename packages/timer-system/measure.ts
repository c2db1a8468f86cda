/**
 * What a synchronous call costs beside a plain `fetch` of the same: `node measure.ts` with
 * MINOOTS_URL and MINOOTS_API_KEY set, and the package built. For the line in the README.
 */
import { createRequire } from "node:module";

const CALLS = 1_000;
const MINOOTS = createRequire(import.meta.url)("./dist/index.cjs");
const { MINOOTS_URL, MINOOTS_API_KEY } = process.env;

const startedAt = performance.now();
const { id } = MINOOTS.create({ name: "measured", duration: "1h" });
console.log(
	`first call, with the worker's start: ${(performance.now() - startedAt).toFixed(0)} ms`,
);

const fetched = async () => {
	const headers = { authorization: `Bearer ${MINOOTS_API_KEY}` };
	await (await fetch(`${MINOOTS_URL}/v1/timers/${id}`, { headers })).json();
};
for (const round of ["warm-up", "measured"]) {
	const [sync, plain]: [number[], number[]] = [[], []];
	for (let n = 0; n < CALLS; n++) {
		sync.push(await timed(() => MINOOTS.get(id)));
		plain.push(await timed(fetched));
	}
	if (round === "measured") {
		console.log(
			`get: ${median(sync)} ms; fetch: ${median(plain)} ms (medians of ${CALLS}, in turn)`,
		);
	}
}
MINOOTS.cancel(id);

async function timed(work: () => unknown): Promise<number> {
	const at = performance.now();
	await work();
	return performance.now() - at;
}

function median(values: readonly number[]): string {
	return (values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN).toFixed(2);
}
