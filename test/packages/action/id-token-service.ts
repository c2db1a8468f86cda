/**
 * Stands where GitHub gives the tokens of a job: answers as the runner's endpoint does, and says what
 * it was asked. What the tokens are is the test's business.
 */
import { createServer } from "node:http";
import { close, listenAt } from "../../helpers/loopback.ts";

export type IdTokenService = AsyncDisposable & {
	/** What a job with `permissions: id-token: write` has in its environment. */
	readonly env: Readonly<Record<string, string>>;
	/** Audiences that tokens were asked for. */
	readonly audiences: readonly string[];
};

const REQUEST_TOKEN = "request-token-0123456789";

/** @param makeToken undefined: there is none for this job */
export async function startIdTokenService(
	makeToken: (audience: string) => string | undefined | Promise<string | undefined>,
): Promise<IdTokenService> {
	const audiences: string[] = [];
	const server = createServer(async (request, response) => {
		const { searchParams } = new URL(request.url ?? "", "http://service");
		const audience = searchParams.get("audience") ?? "";
		const isAllowed =
			request.headers.authorization === `Bearer ${REQUEST_TOKEN}` &&
			searchParams.get("api-version") === "2.0";
		audiences.push(audience);
		const value = isAllowed ? await makeToken(audience) : undefined;
		const [status, body] = value === undefined ? [403, { message: "no" }] : [200, { value }];
		response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
	});
	const url = await listenAt(server);
	return {
		env: {
			ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
			ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
		},
		audiences,
		[Symbol.asyncDispose]: () => close(server),
	};
}
