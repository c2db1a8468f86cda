/** An issuer of OpenID Connect tokens on loopback, in place of GitHub's: for end-to-end tests. */
import { createServer } from "node:http";
import { close, listenAt } from "./loopback.ts";
import { createOidcTokens, type OidcTokens } from "./oidc-tokens.ts";

export type OidcIssuer = OidcTokens & {
	/** Paths that were asked for, in order. */
	readonly asked: readonly string[];
	readonly close: () => Promise<void>;
};

/** Listens on a free port; its `issuer` is its address. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
	const asked: string[] = [];
	let documents: OidcTokens["documents"] = async () => ({});
	const server = createServer((request, response) => {
		const path = request.url ?? "/";
		asked.push(path);
		void documents().then((all) => {
			const found = all[path];
			response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
			response.end(JSON.stringify(found ?? {}));
		});
	});
	const tokens = await createOidcTokens(await listenAt(server));
	documents = tokens.documents;
	return {
		...tokens,
		asked,
		close: () => close(server),
	};
}
