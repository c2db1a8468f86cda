/**
 * The README and the guides are true: each page is read from top to bottom in a clone of its own,
 * and everything on it that can be run is run. What the marks mean is said in pages.ts.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startNetwork } from "../../helpers/network-process.ts";
import { type Block, isManual, isRun, type Page, ROOT, readPages } from "./pages.ts";
import { createReader, type Reader } from "./reader.ts";
import { askHelp, deployDry, isHelpOf, wranglerCommands } from "./wrangler.ts";

const PAGES = readPages();
const MANUAL = PAGES.filter(isManual);
/** A page starts and stops a network or two, and waits for timers of some seconds. */
const PAGE_TIMEOUT_MS = 120_000;

test.each(MANUAL)(
	"[DOC-1] what $path tells to type works, in order",
	async ({ blocks }) => {
		await using reader = await createReader();
		if (!blocks.some(({ code }) => code === "npm start")) await reader.ensureNetwork();
		for (const block of blocks) await follow(reader, block);
	},
	PAGE_TIMEOUT_MS,
);

test("[DOC-2] wrangler knows the commands that need an account", async () => {
	const blocks = MANUAL.flatMap((page) => page.blocks).filter(({ mark }) => mark.kind === "syntax");
	for (const { code, at } of blocks) expect(wranglerCommands(code), at).not.toEqual([]);
	const commands = new Set(blocks.flatMap(({ code }) => wranglerCommands(code)));
	for (const command of commands) {
		const help = await askHelp(command);
		expect(isHelpOf(command, help.stdout), `${command}\n${help.stdout}`).toBe(true);
	}
});

test("[DOC-3] what the pages deploy is a Worker that wrangler would deploy", async () => {
	const folder = await mkdtemp(join(tmpdir(), "minoots-deploy-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const { code, stdout, stderr } = await deployDry(folder);
	expect(code, stdout + stderr).toBe(0);
	expect(existsSync(join(folder, "index.js"))).toBe(true);
});

test.each(PAGES)(
	"[DOC-4] what $path shows as JSON is JSON, and its links lead somewhere",
	(page) => {
		for (const { language, code, at } of page.blocks) {
			if (language === "json") expect(() => JSON.parse(code), at).not.toThrow();
		}
		const links = [...page.text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
		expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
	},
);

test("[DOC-5] every path of the API that a page names is a route", async () => {
	await using network = await startNetwork();
	const answer = await fetch(`${network.url}/openapi.json`);
	const { paths } = (await answer.json()) as { readonly paths: Readonly<Record<string, unknown>> };
	const routes = Object.keys(paths).map(patternOf);
	const named = PAGES.flatMap(({ path, text }) =>
		[...text.matchAll(/(?<=[\s`(]|\$URL)\/v1\/[\w/:$-]*\w/g)].map(([name]) => ({ path, name })),
	);
	expect(named.length).toBeGreaterThan(0);
	expect(named.filter(({ name }) => !routes.some((route) => route.test(name)))).toEqual([]);
});

/** A file or folder of the tree, and a heading of the page where the link names one. */
function leadsSomewhere({ path }: Page, link: string): boolean {
	if (link.startsWith("https://")) return true;
	const [file = "", heading] = link.split("#");
	const target = file === "" ? path : join(dirname(path), file);
	if (heading === undefined) return existsSync(join(ROOT, target));
	if (!existsSync(join(ROOT, target))) return false;
	const headings = readFileSync(join(ROOT, target), "utf8").match(/^#+ .*$/gm) ?? [];
	return headings.some((line) => anchorOf(line) === heading);
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
	const text = heading.replace(/^#+ /, "").toLowerCase();
	return text.replace(/[^\p{L}\p{N}\s-]/gu, "").replaceAll(" ", "-");
}

/** A parameter stands in a page as `:id`, as a shell variable or as an id. */
function patternOf(path: string): RegExp {
	return new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}

/** Does what a reader does at a block. */
async function follow(reader: Reader, block: Block): Promise<void> {
	const { mark, at } = block;
	if (mark.kind === "output") return reader.see(mark.text);
	if (!isRun(block) || mark.kind === "dry-run") return;
	if (mark.kind === "start") return reader.open(block, mark.text);
	const type = () => reader.type(block);
	const { code, stdout, stderr } = await (mark.kind === "stopped"
		? reader.whileStopped(type)
		: type());
	const output = `${at}:\n${stdout}${stderr}`;
	if (mark.kind === "refused") expect(code, output).not.toBe(0);
	else expect(code, output).toBe(0);
	if ("text" in mark) expect(stdout, at).toContain(mark.text);
}
