/** The manifest in the guide, against what the network asks for and has. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { SLACK_SCOPES } from "../../../src/core/slack/scopes.ts";

const GUIDE = resolve(import.meta.dirname, "../../../docs/guides/slack.md");
const ROUTES = resolve(import.meta.dirname, "../../../src/http/routes/slack.ts");

it("[SLACK-18] the manifest in the guide is that of this network", () => {
	const [, manifest = ""] = /```yaml\n(.*?)```/s.exec(readFileSync(GUIDE, "utf8")) ?? [];
	const [, scopes = ""] = /bot:\n((?:\s+- .*\n)+)/.exec(manifest) ?? [];
	expect(scopes.match(/[\w:.]+/g)).toEqual([...SLACK_SCOPES]);
	const named = [...manifest.matchAll(/minoots\.example\.com(\S+)/g)].map(([, path]) => path);
	const routes = [...readFileSync(ROUTES, "utf8").matchAll(/"(\/slack\/\w+)"/g)].map(([, p]) => p);
	expect(new Set(named)).toEqual(new Set(routes));
	expect(routes).toHaveLength(4);
});
