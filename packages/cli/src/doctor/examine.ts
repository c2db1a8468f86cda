/**
 * Walks the way of a call, hop by hop, and stops at the first that fails: what lies behind it cannot
 * be told. Each hop is handed over as soon as it is known.
 */
import { proxyOf } from "../../../sdk/src/node/proxy-of.ts";
import type { Scope } from "../../../sdk/src/types.ts";
import { type Answer, type Asker, ask, isFinding } from "./ask.ts";
import { type Finding, failed, type Hop, type HopName, skipped } from "./hop.ts";
import { judgeClock, skewOf } from "./judge-clock.ts";
import { judgeKey, judgeKeyText, judgeScopes, readHolder } from "./judge-key.ts";
import { judgeQuota } from "./judge-quota.ts";
import { judgeHealth, judgeStorage, judgeVersion } from "./judge-service.ts";
import { placeOf, probeName, probeTcp } from "./probe-connection.ts";
import { probeTls } from "./probe-tls.ts";
import { openTunnel } from "./probe-tunnel.ts";

export type Patient = Asker & {
	readonly apiKeyFrom: string;
	/** Scopes that the key must have. */
	readonly needed: readonly Scope[];
	/** Of this client and of Node, as shown. */
	readonly versions: string;
};

/** A hop, and what has come of it when it is asked. */
type Step = readonly [HopName, () => Promise<Finding>];

export async function* examine(patient: Patient): AsyncGenerator<Hop, void, undefined> {
	for (const [hop, find] of [...wayTo(patient), ...serviceOf(patient)]) {
		const startedAt = performance.now();
		const finding = await find();
		yield { hop, ...finding, ms: Math.round(performance.now() - startedAt) };
		if (finding.state === "failed") return;
	}
}

/** The way to the first byte: name, TCP, proxy, TLS. */
function wayTo({ url: text, timeoutMs, env }: Patient): readonly Step[] {
	const url = new URL(text);
	const target = placeOf(url);
	const proxy = readProxy(url, env);
	if (proxy !== undefined && "state" in proxy) return [["proxy", async () => proxy]];
	const place = proxy === undefined ? target : placeOf(proxy);
	const via = proxy === undefined ? undefined : `by way of the proxy ${proxy.host}: `;
	const told = async (finding: Promise<Finding>) => {
		const { detail, ...rest } = await finding;
		return { ...rest, detail: `${via ?? ""}${detail}` };
	};
	const steps: Step[] = [
		["name", () => told(probeName(place))],
		["connection", () => told(probeTcp(place, timeoutMs))],
	];
	if (url.protocol !== "https:") {
		return [
			...steps,
			["certificate", async () => skipped("http has none; the key goes unencrypted")],
		];
	}
	if (proxy === undefined) {
		return [...steps, ["certificate", () => probeTls(target, undefined, timeoutMs, env)]];
	}
	let tunnel: Awaited<ReturnType<typeof openTunnel>> | undefined;
	steps.push([
		"proxy",
		async () => {
			tunnel = await openTunnel(proxy, target, timeoutMs);
			return tunnel.finding;
		},
	]);
	return [...steps, ["certificate", () => probeTls(target, tunnel?.stream, timeoutMs, env)]];
}

/** Undefined where no proxy is to be used. */
function readProxy(url: URL, env: Patient["env"]): URL | Finding | undefined {
	try {
		return proxyOf(url, env);
	} catch (error) {
		const detail = error instanceof Error ? error.message : String(error);
		return failed(detail, "Correct the variable, or unset it.");
	}
}

/** What the network itself says. */
function serviceOf(patient: Patient): readonly Step[] {
	const { apiKey, apiKeyFrom, needed, versions } = patient;
	const answers: Answer[] = [];
	let holder: ReturnType<typeof readHolder>;
	let isOperator = false;
	const judged = async (path: string, judge: (answer: Answer) => Finding) => {
		const answer = await ask(patient, path, path.startsWith("/v1/"));
		if (isFinding(answer)) return answer;
		answers.push(answer);
		return judge(answer);
	};
	return [
		["health", () => judged("/healthz", judgeHealth)],
		["storage", () => judged("/readyz", judgeStorage)],
		[
			"key",
			async () => {
				const unsendable = judgeKeyText(apiKey);
				if (unsendable !== undefined || apiKey === undefined) return unsendable ?? skipped("");
				return judged("/v1/key", (answer) => {
					holder = readHolder(answer.body);
					isOperator = answer.status === 200 && holder === undefined;
					return judgeKey(apiKey, apiKeyFrom, answer, Date.now());
				});
			},
		],
		[
			"scopes",
			async () =>
				holder === undefined && !isOperator ? skipped("not known") : judgeScopes(holder, needed),
		],
		[
			"quota",
			async () => (isOperator ? skipped("the operator has none") : judged("/v1/usage", judgeQuota)),
		],
		["clock", async () => judgeClock(skewOf(answers))],
		["version", () => judged("/openapi.json", (answer) => judgeVersion(answer, versions))],
	];
}
