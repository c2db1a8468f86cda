/** Actions that dispatch to GitHub: what is read and stored of them, and what is refused. */
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { previewOfToken } from "../../../src/core/services/service-token.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { accepted, readPatch, readTimer, refused } from "../timers/read-timer.ts";

const TOKEN = "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB";
const repository = {
	type: "repository_dispatch",
	repository: "acme/site",
	eventType: "nightly",
	token: TOKEN,
} as const;
const workflow = {
	type: "workflow_dispatch",
	repository: "acme_corp/.github",
	workflow: "deploy.yml",
	ref: "main",
	token: TOKEN,
} as const;
const tokenPreview = "ghp_...yzAB";

it("[GH-1] stores dispatches as they were written", () => {
	const actions = [
		{ ...repository, clientPayload: { day: "${now_date}", deep: { list: [1, null] } } },
		{ ...workflow, inputs: { dry: true, count: 3, name: "x" }, workflow: "12345678" },
		{ ...workflow, ref: "refs/heads/${params.branch}", apiUrl: "https://github.acme.com/api/v3" },
	];
	const { doc, stored } = accepted(readTimer({ in: 1, actions }));
	expect(doc.actions).toEqual(actions.map((action) => ({ ...action, tokenPreview })));
	expect(unpackFlags(stored.flags)).toMatchObject({ actions: 3, timeoutMs: 10_000 });
	const { change } = accepted(readPatch({ actions: [repository] }));
	expect(JSON.parse(change.docPatch ?? "")).toEqual({
		actions: [{ ...repository, tokenPreview }],
	});
});

const members = (count: number) =>
	Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, i]));
const large = { text: "x".repeat(LIMITS.githubPayloadLength) };

it.each([
	[repository, { repository: "acme" }, "repository"],
	[repository, { repository: "acme/.." }, "repository"],
	[repository, { repository: "acme/a/b" }, "repository"],
	[repository, { repository: "acme/a?b" }, "repository"],
	[repository, { eventType: "" }, "eventType"],
	[repository, { eventType: "e".repeat(101) }, "eventType"],
	[repository, { clientPayload: "text" }, "clientPayload"],
	[repository, { clientPayload: members(11) }, "clientPayload"],
	[repository, { clientPayload: large }, "clientPayload"],
	[repository, { clientPayload: { day: "${now(}" } }, "clientPayload.day"],
	[repository, { token: "" }, "token"],
	[repository, { token: 7 }, "token"],
	[repository, { apiUrl: "https://github.acme.com/api/v3?x=1" }, "apiUrl"],
	[repository, { ref: "main" }, "ref"],
	[repository, { tokenPreview }, "tokenPreview"],
	[workflow, { workflow: ".github/workflows/deploy.yml" }, "workflow"],
	[workflow, { workflow: "deploy" }, "workflow"],
	[workflow, { ref: "" }, "ref"],
	[workflow, { ref: "r".repeat(256) }, "ref"],
	[workflow, { inputs: members(26) }, "inputs"],
	[workflow, { inputs: { list: [] } }, "inputs.list"],
])("[GH-1] refuses what GitHub does not take, by its field: %#", (action, wrong, field) => {
	const json = { in: 1, actions: [{ ...action, ...wrong }] };
	expect(refused(readTimer(json))).toEqual(["validation_failed", `actions.0.${field}`]);
});

it("[GH-1] takes as much as GitHub does", () => {
	const actions = [
		{ ...repository, clientPayload: members(10) },
		{ ...workflow, inputs: members(25) },
	];
	expect(accepted(readTimer({ in: 1, actions })).doc.actions).toHaveLength(2);
});

it.each([
	["http://github.acme.com", "destination_refused"],
	["https://10.0.0.1/api/v3", "destination_refused"],
	["https://localhost/api/v3", "destination_refused"],
	["no url", "destination_refused"],
])("[GH-9] judges apiUrl %s", (apiUrl, code) => {
	const json = { in: 1, actions: [{ ...repository, apiUrl }] };
	expect(refused(readTimer(json))).toEqual([code, "actions.0.apiUrl"]);
});

it.each(["a b", "secret-with-a\nline", "ümlaut-secret", "s".repeat(LIMITS.serviceTokenLength + 1)])(
	"[GH-2] a refused token is not repeated: %#",
	(token) => {
		const result = readTimer({ in: 1, actions: [{ ...repository, token }] });
		expect(refused(result)).toEqual(["validation_failed", "actions.0.token"]);
		expect(JSON.stringify(result)).not.toContain(token.slice(0, 3));
	},
);

it.each([
	[TOKEN, "ghp_...yzAB"],
	["github_pat_11ABCDEFG0123456789_abcdef", "github_pat_...cdef"],
	["xoxb-1234567890-abcdefghijk", "xoxb-...hijk"],
	["0123456789abcdef0123456789abcdef01234567", "...4567"],
	["short", "..."],
])("[GH-2] of the token %s it shows %s", (token, shown) => {
	expect(previewOfToken(token)).toBe(shown);
});
