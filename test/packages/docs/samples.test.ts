/** Every sample of the reference, run as a reader would. */

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SAMPLES } from "../../../src/http/docs/samples/all.ts";
import { ROOT } from "../../e2e/docs/pages.ts";
import { run } from "../../e2e/docs/programs.ts";
import { slackEnvironment } from "../../helpers/fake-slack.ts";
import { startFakeSlack } from "../../helpers/fake-slack-server.ts";
import { listenAt } from "../../helpers/loopback.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type OidcIssuer, startOidcIssuer } from "../../helpers/oidc-issuer.ts";
import { make, type Variables, type World } from "./givens.ts";

/** What no client calls of its own. */
const NO_CALL = ["GET /docs"];
const NAMED = Object.entries(SAMPLES).map(([name, { given }]) => ({ name, given }));

type Label = "curl" | "TypeScript" | "CLI";
type Operation = { readonly "x-codeSamples"?: readonly CodeSample[] };
type CodeSample = { readonly label: Label; readonly source: string };

/** By method and path, as the network describes its calls. */
const described = new Map<string, readonly CodeSample[] | undefined>();

let network: NetworkProcess;
let receiver: Server;
let slack: Awaited<ReturnType<typeof startFakeSlack>>;
let issuer: OidcIssuer;
let folder: string;
let world: World;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "minoots-samples-"));
	receiver = createServer((request, response) => {
		response.writeHead(request.url === "/gone" ? 410 : 200).end();
	});
	slack = await startFakeSlack();
	issuer = await startOidcIssuer();
	network = await startNetwork({ env: slackEnvironment(slack) });
	world = { network, issuer, receiver: await listenAt(receiver) };
	const answer = await fetch(`${network.url}/openapi.json`);
	const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Operation>> };
	for (const [path, item] of Object.entries(paths)) {
		for (const [method, operation] of Object.entries(item)) {
			const route = path.replace(/\{(\w+)\}/g, ":$1");
			described.set(`${method.toUpperCase()} ${route}`, operation["x-codeSamples"]);
		}
	}
	for (const [name, from] of [
		["@minoots/sdk", "packages/sdk"],
		["cloudflare", "node_modules/cloudflare"],
	] as const) {
		const place = join(folder, "node_modules", name);
		await mkdir(dirname(place), { recursive: true });
		await symlink(join(ROOT, from), place);
	}
	await mkdir(join(folder, "bin"));
	await symlink(join(ROOT, "packages/cli/dist/minoots.cjs"), join(folder, "bin", "minoots"));
	await writeFile(join(folder, "crontab"), "0 9 * * MON-FRI  /usr/local/bin/report\n");
});
afterAll(async () => {
	receiver?.close();
	await network?.stop();
	await issuer?.close();
	await slack?.[Symbol.asyncDispose]();
	await rm(folder, { recursive: true, force: true });
});

it("[REF-3] every call has its samples", () => {
	const missing = [...described].filter(([, samples]) => samples === undefined);
	expect(missing.map(([name]) => name)).toEqual(NO_CALL);
	expect(NAMED.filter(({ name }) => !described.has(name))).toEqual([]);
});

it.each(NAMED)("[REF-3] curl: $name", async ({ name, given }) => {
	await shell(sourceOf(name, "curl"), await make(given, world));
});

it.each(NAMED)("[REF-3] CLI: $name", async ({ name, given }) => {
	await shell(sourceOf(name, "CLI"), await make(given, world));
});

it.each(NAMED)("[REF-3] TypeScript: $name", async ({ name, given }) => {
	const source = sourceOf(name, "TypeScript");
	const variables = await make(given, world);
	const constants = Object.entries(variables).map(
		([name, value]) => `const ${name.toLowerCase()} = ${JSON.stringify(value)};`,
	);
	const { url, dev } = network;
	const program = [
		'import { Minoots } from "@minoots/sdk";',
		...(source.includes("Cloudflare") ? ['import Cloudflare from "cloudflare";'] : []),
		`const url = ${JSON.stringify(url)}, key = ${JSON.stringify(dev.apiKey)};`,
		"const minoots = new Minoots({ url, apiKey: key });",
		`const operator = new Minoots({ url, apiKey: ${JSON.stringify(dev.adminKey)} });`,
		...constants,
		here(source),
	].join("\n");
	const file = join(folder, "sample.mts");
	await writeFile(file, program);
	const place = { folder, env: { ...process.env } };
	const { code, stderr } = await run(place, process.execPath, ["--experimental-eventsource", file]);
	expect(code, `${program}\n${stderr}`).toBe(0);
});

async function shell(command: string, variables: Variables): Promise<void> {
	const { url, dev } = network;
	const env = {
		...process.env,
		...variables,
		PATH: `${join(folder, "bin")}:${dirname(process.execPath)}:${process.env["PATH"]}`,
		HOME: folder,
		URL: url,
		KEY: dev.apiKey,
		ADMIN_KEY: dev.adminKey,
		MINOOTS_URL: url,
		MINOOTS_API_KEY: dev.apiKey,
	};
	await writeFile(join(folder, ".curlrc"), "silent\nshow-error\nfail-with-body\n");
	const script = `set -u\n${here(command)}`;
	const { code, stdout, stderr } = await run({ folder, env }, "bash", ["-c", script]);
	expect(code, `${command}\n${stdout}\n${stderr}`).toBe(0);
	// Where a pipe ends the call early, its own status is lost.
	expect(stdout, command).not.toContain('"/docs#problem-');
}

/** What the samples send to example.com goes to the receiver of these tests. */
function here(text: string): string {
	const { host } = new URL(world.receiver);
	return text.replaceAll("https://example.com", world.receiver).replaceAll("example.com", host);
}

function sourceOf(name: string, label: Label): string {
	const sample = described.get(name)?.find((one) => one.label === label);
	if (sample === undefined) throw new Error(`${name} has no sample for ${label}`);
	return sample.source;
}
