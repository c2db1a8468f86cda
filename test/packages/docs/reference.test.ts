/** `/docs` as a reader sees it: in a browser, from a network as it runs. */
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startBrowser } from "../../helpers/browser.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";

let network: NetworkProcess;
let browser: Browser;
beforeAll(async () => {
	network = await startNetwork();
	browser = await startBrowser();
});
afterAll(async () => {
	await browser?.close();
	await network?.stop();
});

type Visit = { readonly page: Page; readonly complaints: readonly string[] };

/** Opens a page and waits until the reference is shown. Complaints go on growing. */
async function visit(path: string): Promise<Visit> {
	const page = await browser.newPage();
	const complaints: string[] = [];
	page.on("pageerror", (error) => complaints.push(String(error)));
	page.on("request", (request) => {
		const { protocol, origin } = new URL(request.url());
		const isOwn = origin === network.url || protocol === "data:" || protocol === "blob:";
		if (!isOwn) complaints.push(`asked ${request.url()}`);
	});
	page.on("requestfailed", (request) => complaints.push(`failed ${request.url()}`));
	await page.setViewport({ width: 1_400, height: 900 });
	await page.goto(network.url + path);
	await page.waitForSelector("[data-shown]", { timeout: 30_000 });
	return { page, complaints };
}

it("[REF-1] shows every call of the API, from its own assets alone", async () => {
	const { page, complaints } = await visit("/docs");
	expect(await page.$eval("[data-shown]", (at) => at.getAttribute("data-shown"))).toBe("true");
	const answer = await fetch(`${network.url}/openapi.json`);
	const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Operation>> };
	const operations = Object.values(paths).flatMap((item) => Object.values(item));
	const shown = await page.$$eval("[data-section-id]", (sections) =>
		sections.map((section) => section.getAttribute("data-section-id") ?? ""),
	);
	const missing = operations.filter(
		({ operationId }) => !shown.some((id) => id.endsWith(`/operation/${operationId}`)),
	);
	expect(operations.length).toBeGreaterThan(60);
	expect(missing.map(({ operationId }) => operationId)).toEqual([]);
	expect(complaints).toEqual([]);
	await page.close();
});

type Operation = { readonly operationId: string };

it("[REF-2] a problem's `type` leads to its line", async () => {
	const { page } = await visit("/docs#problem-idempotency_key_reused");
	// As text: the types of this project's tests are those of Node, not of a page.
	const isInSight = `[...document.querySelectorAll("td:first-child code")].some((cell) => {
		const { top } = cell.getBoundingClientRect();
		return cell.textContent === "idempotency_key_reused" && top >= 0 && top < innerHeight;
	})`;
	const seen = await page.waitForFunction(isInSight, { timeout: 10_000 });
	expect(await seen.jsonValue()).toBe(true);
	await page.close();
});
