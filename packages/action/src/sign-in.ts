/**
 * Makes the client that a step calls the network with: by API key, or by GitHub's OIDC token, which
 * the network exchanges for a short-lived access token where a policy of the tenant allows it.
 */
import * as core from "@actions/core";
import { Minoots, MinootsError } from "../../sdk/src/index.ts";
import { environmentFetch } from "../../sdk/src/node/index.ts";
import { ActionFailure } from "./failure.ts";
import { type Inputs, isObject } from "./inputs.ts";
import type { Secrets } from "./secrets.ts";

const TIMEOUT_SECONDS = 10;
const AUDIENCE = "minoots";
/** What goes as it is into a header. */
const HEADER_TEXT = /^[!-~]+$/;

export type SignIn = {
	readonly url: string;
	readonly timeoutMs: number;
	readonly headers: Readonly<Record<string, string>>;
} & (
	| { readonly apiKey: string }
	| { readonly apiKey: undefined; readonly tenantId: string; readonly audience: string }
);

/** What the inputs and the environment say. Sends nothing. */
export function readSignIn(
	inputs: Inputs,
	secrets: Secrets,
	env: Readonly<Record<string, string | undefined>>,
): SignIn {
	const url = inputs.text("api-base-url") ?? env["MINOOTS_URL"] ?? "";
	if (url === "") inputs.refuse("api-base-url", "is missing: give the URL of the network");
	else if (!/^https?:\/\/./.test(url) || !URL.canParse(url)) {
		inputs.refuse("api-base-url", `expected a URL like https://minoots.example.com, got "${url}"`);
	} else if (new URL(url).username !== "" || new URL(url).password !== "") {
		inputs.refuse("api-base-url", "has a user or password in it: the network takes an `api-key`");
	}
	const apiKey = inputs.text("api-key") ?? (env["MINOOTS_API_KEY"] || undefined);
	secrets.add(apiKey);
	if (apiKey !== undefined && !HEADER_TEXT.test(apiKey)) {
		inputs.refuse("api-key", "expected one line of printable ASCII: is it the whole secret?");
	}
	const region = inputs.text("region");
	if (region !== undefined && !HEADER_TEXT.test(region)) {
		inputs.refuse("region", `expected printable ASCII without spaces, got "${region}"`);
	}
	const common = {
		url,
		timeoutMs: inputs.seconds("timeout-seconds", TIMEOUT_SECONDS),
		headers: region === undefined ? {} : { "x-minoots-region": region },
	};
	if (apiKey !== undefined) return { ...common, apiKey };
	const why = "without `api-key`, the job signs in with GitHub's OIDC token to the tenant you name";
	const tenantId = inputs.requireText("tenant-id", why);
	return { ...common, apiKey, tenantId, audience: inputs.text("oidc-audience") ?? AUDIENCE };
}

/** The client, and the status of the last answer it got. */
export type Network = {
	readonly minoots: Minoots;
	readonly lastStatus: () => number;
	/** Signs in again, where an access token may have expired; a key is good for as long as it is. */
	readonly renew: (() => Promise<Network>) | undefined;
};

/** @throws ActionFailure, or the client's MinootsError */
export async function signIn(given: SignIn, secrets: Secrets): Promise<Network> {
	const { url, timeoutMs, headers } = given;
	let lastStatus = 0;
	const onResponse = ({ status }: { readonly status: number }) => {
		lastStatus = status;
	};
	const renew = given.apiKey === undefined ? () => signIn(given, secrets) : undefined;
	const connect = (apiKey?: string): Network => {
		const told = { url, timeoutMs, headers, apiKey, log, onResponse };
		const minoots = new Minoots({ ...told, fetch: environmentFetch(process.env) });
		return { minoots, lastStatus: () => lastStatus, renew };
	};
	if (given.apiKey !== undefined) return connect(given.apiKey);
	const subjectToken = await requestIdToken(given.audience);
	secrets.add(subjectToken);
	const accessToken = await exchange(connect().minoots, given.tenantId, subjectToken);
	secrets.add(accessToken);
	return connect(accessToken);

	function log({ level, message }: { readonly level: string; readonly message: string }): void {
		if (level === "debug") core.debug(secrets.clear(message));
		else core.info(secrets.clear(message));
	}
}

async function requestIdToken(audience: string): Promise<string> {
	if (!process.env["ACTIONS_ID_TOKEN_REQUEST_URL"]) {
		throw new ActionFailure([
			{
				message:
					"There is no `api-key`, and GitHub gives this job no OIDC token. Add `permissions: id-token: write` to the job, or give `api-key` from a secret. Runs of pull requests from forks get neither.",
			},
		]);
	}
	try {
		return await core.getIDToken(audience);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		const message = `GitHub gave this job no OIDC token: ${why}. Run the job again, or give \`api-key\` from a secret.`;
		throw new ActionFailure([{ message }]);
	}
}

async function exchange(minoots: Minoots, tenantId: string, subjectToken: string): Promise<string> {
	try {
		const answer = await minoots.request("POST", "/v1/tokens", {
			body: { tenantId, subjectToken },
		});
		const token = isObject(answer) ? answer["accessToken"] : undefined;
		if (typeof token === "string") return token;
	} catch (error) {
		if (!(error instanceof MinootsError) || ![401, 403].includes(error.status)) throw error;
		const message = `is refused: the tenant ${tenantId} does not let this job in. One of its OIDC policies has to name the repository, ref, environment and audience of the job's token. ${error.message}`;
		throw new ActionFailure([{ input: "tenant-id", message }]);
	}
	const message = "The network answered without an access token: is `api-base-url` right?";
	throw new ActionFailure([{ input: "api-base-url", message }]);
}
