/** Dead letters and mailboxes from a terminal, on a real network. */
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Receiver, startReceiver } from "../../helpers/receiver.ts";
import { createFolder, start } from "./cli.ts";
import { env, json, network, printed, run, startBefore } from "./on-network.ts";

let receiver: Receiver;

startBefore();
beforeAll(async () => {
	receiver = await startReceiver();
});
afterAll(() => receiver.close());

let counter = 0;
/** No test meets another's. */
function unique(): string {
	counter += 1;
	return `case-${counter}`;
}

/** The id of a new timer. */
async function create(body: string): Promise<string> {
	const headers = { authorization: `Bearer ${network.dev.apiKey}` };
	const response = await fetch(`${network.url}/v1/timers`, { method: "POST", headers, body });
	return ((await response.json()) as { id: string }).id;
}

/** A timer of this name whose webhook is given up at once, and its dead letter. */
async function deadLetter(name: string): Promise<{ readonly timer: string; readonly id: string }> {
	const body = JSON.stringify({
		in: "1ms",
		name,
		labels: { name },
		actions: [
			{
				type: "webhook",
				url: `${receiver.url}/status/410`,
				headers: { "x-one": "1", "X-Two": "2" },
			},
		],
	});
	const timer = await create(body);
	await run(["wait", timer]);
	const [id] = (await printed(["dlq", "list", "--name", name, "--quiet"])).trim().split("\n");
	return { timer, id: id ?? "" };
}

/** The last request that came to `path`, once it is there. */
async function arrived(path: string) {
	await expect.poll(() => receiver.received.some((one) => one.path === path)).toBe(true);
	const found = receiver.received.findLast((one) => one.path === path);
	if (found === undefined) throw new Error(`nothing came to ${path}`);
	return found;
}

describe("dlq", () => {
	it("[OPS-1] lists by a filter, shows every attempt, deletes", async () => {
		const name = unique();
		const { id, timer } = await deadLetter(name);
		const table = await printed(["dlq", "list", "--label", `name=${name}`]);
		expect(table).toMatch(/^ID .* REASON .*\n/);
		expect(table).toContain(`${receiver.url}/status/410  HTTP 410`);
		const host = new URL(receiver.url).hostname;
		const listed = await json(["dlq", "list", "--name", name, "--host", host]);
		expect(listed).toMatchObject({ id, timerId: timer, reason: "HTTP 410" });
		expect(await printed(["dlq", "list", "--name", name, "--host", "x.example"])).toBe("");
		const shown = await printed(["dlq", "show", id]);
		expect(shown).toMatch(/ATTEMPT +AT +TOOK +OUTCOME/);
		expect(shown).toMatch(/http_error +410 .*"status 410"/);
		const { code, stdout, stderr } = await run(["dlq", "delete", "dlv_none", id]);
		expect([code, stdout]).toEqual([1, `deleted ${id}\n`]);
		expect(stderr).toContain("dlv_none");
		expect(await printed(["dlq", "list", "--name", name, "--json"])).toBe("");
	});

	it("[OPS-2] replays as it was, and with what --set changes, other headers along", async () => {
		const { id } = await deadLetter(unique());
		const set = [
			`url=${receiver.url}/fixed-${id}`,
			"method=PUT",
			"headers.x-two=two",
			"headers.x-three=3",
			'body={"n":1}',
		];
		const words = set.flatMap((one) => ["--set", one]);
		expect(await printed(["dlq", "replay", id, ...words])).toMatch(`replayed ${id}, due `);
		const { method, headers, body } = await arrived(`/fixed-${id}`);
		expect([method, body]).toEqual(["PUT", '{"n":1}']);
		expect(headers).toMatchObject({ "x-one": "1", "x-two": "two", "x-three": "3" });
		const again = await deadLetter(unique());
		expect(await json(["dlq", "replay", again.id])).toMatchObject({ id: again.id });
	});

	it("[OPS-2] what cannot be set is wrong usage, and sends nothing", async () => {
		const { id } = await deadLetter(unique());
		const came = receiver.received.length;
		for (const set of ["url", "color=red", "timeoutMs=soon"]) {
			const { code, stderr } = await run(["dlq", "replay", id, "--set", set]);
			expect([code, stderr]).toEqual([2, expect.stringContaining("--set")]);
		}
		expect(receiver.received).toHaveLength(came);
		expect((await json(["dlq", "show", id])).status).toBe("dead");
	});

	it("[OPS-3] opens the request in an editor, and sends what was changed", async () => {
		const folder = await createFolder();
		const editor = async (script: string) => {
			const path = join(folder, "edit it");
			await writeFile(path, `#!/bin/sh\n${script}\n`);
			await chmod(path, 0o755);
			return { EDITOR: `"${path}"`, VISUAL: "" };
		};
		const { id } = await deadLetter(unique());
		const seen = join(folder, "seen.json");
		const url = `${receiver.url}/edited-${id}`;
		const change = `cp "$1" '${seen}'; sed -i 's#${receiver.url}/[a-z]*/410#${url}#' "$1"`;
		const words = ["dlq", "replay", id, "--edit", "--set", "timeoutMs=1234"];
		expect(await printed(words, { env: await editor(change) })).toContain("replayed");
		await arrived(`/edited-${id}`);
		const { url: before, timeoutMs, headers } = JSON.parse(await readFile(seen, "utf8"));
		expect([before, timeoutMs, headers["x-one"]]).toEqual([
			`${receiver.url}/status/410`,
			1234,
			"1",
		]);

		const other = await deadLetter(unique());
		for (const script of [': > "$1"', 'echo "{" > "$1"', `echo '{"colour":1}' > "$1"`, "exit 3"]) {
			const edit = ["dlq", "replay", other.id, "--edit"];
			const { code, stderr } = await run(edit, { env: await editor(script) });
			expect([code, stderr]).toEqual([1, expect.stringMatching(/nothing was sent|not JSON/i)]);
		}
		expect((await json(["dlq", "show", other.id])).status).toBe("dead");
	});

	it("[OPS-4] replays what a filter selects, and all only when told to", async () => {
		const name = unique();
		await deadLetter(name);
		await deadLetter(name);
		const both = await run(["dlq", "replay", "dlv_x", "--name", name]);
		expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("ids and a filter")]);
		expect((await run(["dlq", "replay"])).code).toBe(2);
		const unasked = await run(["dlq", "replay", "--all"]);
		expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("--yes")]);
		expect((await run(["dlq", "replay", "--name", name, "--rate", "none"])).code).toBe(2);
		const answer = await json(["dlq", "replay", "--name", name, "--rate", "1000"]);
		expect(answer).toMatchObject({ replayed: 2, refused: 0 });
		const text = await printed(["dlq", "replay", "--name", unique()]);
		expect(text).toBe("replayed 0\n");
	});
});

describe("mailbox", () => {
	it("[OPS-5] sends, pulls, extends, acknowledges and gives back", async () => {
		const name = unique();
		const id = (await printed(["mailbox", "send", name, '{"n":1}', "--priority", "1"])).trim();
		await printed(["mailbox", "send", name, "-"], { input: "plain text\n" });
		expect(await printed(["mailbox", "list", "--quiet", "--all"])).toContain(`${name}\n`);
		expect(await json(["mailbox", "show", name])).toMatchObject({ name, depth: 2 });
		const pulled = await json(["mailbox", "pull", name, "--lease", "10s"]);
		expect(pulled).toMatchObject({ id, body: { n: 1 }, priority: 1, attempts: 1 });
		const { leaseId } = pulled;
		expect(await printed(["mailbox", "extend", name, leaseId, "--by", "1m"])).toMatch(
			new RegExp(`^extended ${leaseId} until `),
		);
		const result = ["--result", '{"ok":true}'];
		const acked = await json(["mailbox", "ack", name, leaseId, ...result]);
		expect(acked).toMatchObject({ ackCount: 1, acks: [{ outcome: "acknowledged" }] });
		const stale = await run(["mailbox", "ack", name, leaseId]);
		expect([stale.code, stale.stdout]).toEqual([1, `stale ${leaseId}\n`]);
		const text = (await printed(["mailbox", "pull", name, "--quiet"])).trim();
		const retry = ["--retry", "--delay", "0s", "--reason", "not now"];
		expect(await printed(["mailbox", "ack", name, text, ...retry])).toBe(`retried ${text}\n`);
		expect(await json(["mailbox", "pull", name, "--wait", "5s"])).toMatchObject({
			body: "plain text",
			attempts: 2,
		});
		expect((await run(["mailbox", "ack", name, text, "--delay", "1s"])).code).toBe(2);
		expect((await run(["mailbox", "delete", name])).code).toBe(2);
		expect(await printed(["mailbox", "delete", name, "--yes"])).toBe(
			`deleted ${name} with 1 message\n`,
		);
	});

	it("[OPS-6] lists messages that were given up, puts them back, removes them", async () => {
		const name = unique();
		const id = (await printed(["mailbox", "send", name, "x", "--max-attempts", "1"])).trim();
		const giveUp = async () => {
			const lease = (await printed(["mailbox", "pull", name, "-q", "--wait", "5s"])).trim();
			await printed(["mailbox", "ack", name, lease, "--retry", "--reason", "broken"]);
		};
		await giveUp();
		expect(await json(["mailbox", "dead", name])).toMatchObject({ id, body: "x" });
		expect((await run(["mailbox", "dead", name, id])).code).toBe(2);
		expect(await printed(["mailbox", "dead", name, id, "--replay"])).toBe(`put back ${id}\n`);
		await giveUp();
		const quiet = await printed(["mailbox", "dead", name, "--quiet"]);
		expect(await printed(["mailbox", "dead", name, "-", "--delete"], { input: quiet })).toBe(
			`deleted ${id}\n`,
		);
		expect(await printed(["mailbox", "dead", name, "--json"])).toBe("");
	});

	it("[OPS-7] runs a command for each message, its output being the result", async () => {
		const mailbox = unique();
		const work = (command: object) =>
			create(JSON.stringify({ in: "1ms", actions: [{ type: "agent", mailbox, command }] }));
		const timers = [await work({ kind: "json" }), await work({ kind: "text" })];
		const script = [
			'input="$(cat)"',
			'case "$MINOOTS_BODY" in',
			`*json*) echo "$input" ;;`,
			'*) echo "hello $MINOOTS_MAILBOX $MINOOTS_MESSAGE_ID $MINOOTS_ATTEMPT" ;;',
			"esac",
		].join("\n");
		const told = await printed(["mailbox", "watch", mailbox, "--exec", script, "--limit", "2"]);
		expect(told).toMatch(/^done dlv_\w+, attempt 1, in \d+ ms\n/);
		for (const timer of timers) await printed(["wait", timer]);
		const [first, second] = await Promise.all(timers.map((timer) => json(["deliveries", timer])));
		expect(first.result).toMatchObject({
			id: first.id,
			body: expect.anything(),
			leaseId: expect.anything(),
		});
		expect(second.result).toBe(`hello ${mailbox} ${second.id} 1`);
	});

	it("[OPS-7] gives a message back whose command fails, with the delay and the reason", async () => {
		const mailbox = unique();
		const id = (await printed(["mailbox", "send", mailbox, "x", "--max-attempts", "2"])).trim();
		const watch = ["mailbox", "watch", mailbox, "--delay", "0s", "--limit", "2", "--json"];
		const text = await printed([...watch, "--exec", "exit $((2 + MINOOTS_ATTEMPT))"]);
		const lines = text.trimEnd().split("\n");
		expect(lines.map((line) => JSON.parse(line))).toMatchObject([
			{ id, attempts: 1, done: false, reason: "exit code 3" },
			{ id, attempts: 2, done: false, reason: "exit code 4" },
		]);
		const dead = await json(["mailbox", "dead", mailbox]);
		expect([dead.id, dead.reason]).toEqual([id, expect.stringContaining("exit code 4")]);
		expect((await run(["mailbox", "watch", mailbox])).code).toBe(2);
	});

	it.each([
		["SIGINT", 130],
		["SIGTERM", 0],
	] as const)(
		"[OPS-8] runs several at once; on %s lets them end, takes no more",
		async (name, exit) => {
			const mailbox = unique();
			const folder = await createFolder();
			const gate = join(folder, "gate");
			for (const body of ["1", "2", "3"]) await printed(["mailbox", "send", mailbox, body]);
			const script = `echo "began $MINOOTS_BODY" >&2; while [ ! -e '${gate}' ]; do sleep 0.05; done; echo ok`;
			const words = ["mailbox", "watch", mailbox, "--exec", script, "--concurrency", "2"];
			const watching = start(words, { env });
			await watching.shows("began 1");
			await watching.shows("began 2");
			watching.child.kill(name);
			await watching.shows("Waiting for 2 running");
			await writeFile(gate, "");
			const { code, stdout, stderr } = await watching.ended;
			expect(code).toBe(exit);
			expect(stdout.match(/^done /gm)).toHaveLength(2);
			expect(stderr).not.toContain("began 3");
			expect(await json(["mailbox", "show", mailbox])).toMatchObject({ depth: 1, leased: 0 });
		},
	);

	it("[OPS-8] says what it waits for when nothing runs, and ends at once on a second Ctrl-C", async () => {
		const words = ["mailbox", "watch", unique(), "--exec", "true"];
		const watching = start(words, { env });
		await watching.shows("Watching");
		watching.child.kill("SIGINT");
		await watching.shows("Waiting for the pull that is under way");
		watching.child.kill("SIGINT");
		expect((await watching.ended).code).toBe(130);
	});

	it("[OPS-8] a second Ctrl-C ends at once, and what runs with it", async () => {
		const mailbox = unique();
		await printed(["mailbox", "send", mailbox, "x"]);
		const script = "echo begun >&2; exec sleep 60";
		const watching = start(["mailbox", "watch", mailbox, "--exec", script], { env });
		await watching.shows("begun");
		watching.child.kill("SIGINT");
		await watching.shows("Waiting for 1 running");
		watching.child.kill("SIGINT");
		// Ended is also what ran: it would have kept stderr open.
		expect((await watching.ended).code).toBe(130);
	});
});
