import fc from "fast-check";
import { expect, it } from "vitest";
import { checkDestination } from "../../../src/core/destination/check-destination.ts";
import { createJudge } from "../../../src/core/destination/judge.ts";

const POLICY = { allowLoopback: true, ownPorts: [3000] };

it("[DEST-15] says the same of a URL however often it is asked, and whatever it was asked before", () => {
	const judge = createJudge(POLICY);
	const url = fc.oneof(
		fc.webUrl(),
		fc.nat({ max: 999 }).map((host) => `https://host-${host}.example/`),
		fc.constantFrom("http://127.0.0.1:3000/", "http://127.0.0.1:3001/", "https://10.0.0.1/", "x"),
	);
	fc.assert(
		fc.property(fc.array(url, { minLength: 1, maxLength: 600 }), (urls) => {
			for (const text of urls) expect(judge(text)).toEqual(checkDestination(text, POLICY));
		}),
		{ numRuns: 20 },
	);
});
