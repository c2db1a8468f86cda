/** The samples that the reference shows beside a call, as `x-codeSamples` (Redoc's extension). */
import type { JsonObject } from "../../../contract/json.ts";
import type { Route } from "../../route.ts";
import { SAMPLES } from "./all.ts";
import { curlOf } from "./curl.ts";

/** None for what no client calls of its own. */
export function codeSamplesOf(route: Route): JsonObject {
	const sample = SAMPLES[`${route.method} ${route.path}`];
	if (sample === undefined) return {};
	const { typescript, cli, curl = curlOf(route, sample) } = sample;
	return {
		"x-codeSamples": [
			{ lang: "Shell", label: "curl", source: curl },
			{ lang: "TypeScript", label: "TypeScript", source: typescript },
			{ lang: "Shell", label: "CLI", source: cli },
		],
	};
}
