/** The workflow files on the guide's page: their steps run as they stand there, in order. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { readBlocks } from "../../e2e/docs/pages.ts";
import { createApiClient } from "../../helpers/api-client.ts";
import { startNetwork } from "../../helpers/network-process.ts";
import { startOidcIssuer } from "../../helpers/oidc-issuer.ts";
import { startIdTokenService } from "./id-token-service.ts";
import { newRun, runStep } from "./runner.ts";

const PAGE = "docs/guides/github.md";
const ACTION = /\/packages\/action@/;

type WorkflowStep = {
	readonly id?: string;
	readonly if?: string;
	readonly uses?: string;
	readonly with?: Readonly<Record<string, string>>;
};
type Workflow = {
	readonly permissions?: Readonly<Record<string, string>>;
	readonly env?: Readonly<Record<string, string>>;
	readonly jobs: Readonly<Record<string, { readonly steps: readonly WorkflowStep[] }>>;
};

test("[ACT-22] the workflows of the guide do what it says", async () => {
	await using network = await startNetwork();
	const issuer = await startOidcIssuer();
	onTestFinished(issuer.close);
	await using service = await startIdTokenService((aud) => issuer.sign({ aud }));
	const api = createApiClient(network.url, network.dev.apiKey);
	const scopes = ["timer.read", "timer.write", "timer.cancel"];
	const { body: key } = await api.call<{ readonly apiKey: string }>("POST", "/v1/keys", {
		name: "github",
		scopes,
	});
	await api.call("PUT", "/v1/oidc-policies/guide", {
		issuer: issuer.issuer,
		repositories: ["acme/site"],
		scopes,
	});
	const text = await readFile(join(resolve(import.meta.dirname, "../../.."), PAGE), "utf8");
	const blocks = readBlocks(PAGE, text).filter(({ language }) => language === "yaml");
	let ran = 0;
	for (const { code, at } of blocks) {
		const { env = {}, permissions = {}, jobs }: Workflow = parse(code);
		const known = new Map([
			["vars.MINOOTS_URL", network.url],
			["vars.MINOOTS_TENANT", network.dev.tenant],
			["secrets.MINOOTS_API_KEY", key.apiKey],
			["secrets.DISPATCH_TOKEN", "github_pat_0123456789abcdefghij"],
		]);
		const fill = (values: Readonly<Record<string, string>>) =>
			Object.fromEntries(
				Object.entries(values).map(([name, value]) => [name, evaluate(value, known, at)]),
			);
		for (const [job, { steps }] of Object.entries(jobs)) {
			const token = permissions["id-token"] === "write" ? service.env : {};
			const run = { ...newRun(), ...token, GITHUB_JOB: job };
			for (const [index, step] of steps.entries()) {
				if (step.uses === undefined || !ACTION.test(step.uses)) continue;
				const id = step.id ?? `step${index}`;
				const done = await runStep({
					env: { ...run, GITHUB_ACTION: id, ...fill(env) },
					with: fill(step.with ?? {}),
				});
				expect(done.exitCode, `${at}\n${done.log}`).toBe(0);
				for (const [name, value] of Object.entries(done.outputs)) {
					known.set(`steps.${id}.outputs.${name}`, value);
				}
				ran += 1;
			}
		}
	}
	expect(ran).toBeGreaterThanOrEqual(6);
});

function evaluate(text: string, known: ReadonlyMap<string, string>, at: string): string {
	return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, name: string) => {
		const value = known.get(name);
		if (value === undefined) throw new Error(`${at}: what is ${name}?`);
		return value;
	});
}
