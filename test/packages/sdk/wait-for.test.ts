/** `waitFor`: through many polls and lost ones, to the timer's end or that of patience. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Minoots, type WaitForOptions } from "../../../packages/sdk/src/index.ts";
import { type Answer, json, problem, rejection, scriptedFetch } from "./scripted-fetch.ts";

const armed = json({ id: "tmr_1", status: "armed" });
const settled = json({ id: "tmr_1", status: "settled" });

/** A long poll that is answered when its time is up. */
const poll: Answer = async ({ url }) => {
	await new Promise((resolve) => setTimeout(resolve, Number(url.searchParams.get("timeout"))));
	return armed.clone();
};

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

function waitFor(answers: readonly Answer[], options: WaitForOptions = {}) {
	const { fetch, asked } = scriptedFetch(...answers);
	const minoots = new Minoots({ url: "https://network.example", fetch });
	const over = minoots.waitFor("tmr_1", options);
	over.catch(() => {}); // told by the caller's await
	const polls = () => asked.slice(1).map(({ url }) => Number(url.searchParams.get("timeout")));
	return { over, asked, polls };
}

test("[SDK-30] polls until the timer has ended, telling how it stands", async () => {
	const told: string[] = [];
	const onProgress = ({ status }: { readonly status: string }) => void told.push(status);
	const { over, polls } = waitFor([armed, poll, poll, settled], { onProgress });
	await vi.advanceTimersByTimeAsync(10_000);
	expect(await over).toMatchObject({ status: "settled" });
	expect(told).toEqual(["armed", "armed", "armed", "settled"]);
	expect(polls()).toEqual([5_000, 5_000, 5_000]);

	const silent = waitFor([armed, poll, settled]);
	await vi.advanceTimersByTimeAsync(30_000);
	await silent.over;
	expect(silent.polls()).toEqual([30_000, 30_000]);
	expect((await waitFor([settled]).over).status).toBe("settled");
});

test("[SDK-31] gives up with `timeout` when its time is over, and at once when aborted", async () => {
	const { over, polls } = waitFor([armed, poll], { timeoutMs: 70_000 });
	await vi.advanceTimersByTimeAsync(70_000);
	expect(await rejection(over)).toMatchObject({ code: "timeout" });
	expect(polls()).toEqual([30_000, 30_000, 10_000]);

	const stop = new AbortController();
	const aborted = waitFor([armed, poll], { signal: stop.signal });
	await vi.advanceTimersByTimeAsync(5_000);
	stop.abort();
	expect(await rejection(aborted.over)).toMatchObject({ code: "aborted" });
});

test("[SDK-31] a network that falls silent costs no more than one answer's time on top", async () => {
	const { over, asked } = waitFor([armed, "silent"], { timeoutMs: 5_000 });
	await vi.advanceTimersByTimeAsync(20_000);
	expect(await rejection(over)).toMatchObject({ code: "timeout" });
	expect(asked).toHaveLength(2);
});

test("[SDK-32] waits out a network that is lost after the first answer, but no refusal", async () => {
	const lost = Array<Answer>(30).fill("lost");
	const { over } = waitFor([armed, ...lost, settled]);
	await vi.advanceTimersByTimeAsync(600_000);
	expect((await over).status).toBe("settled");

	const gone = waitFor([armed, problem(404, "not_found")]);
	expect(await rejection(gone.over)).toMatchObject({ code: "not_found" });
	const never = waitFor(["lost"]);
	await vi.advanceTimersByTimeAsync(60_000);
	expect(await rejection(never.over)).toMatchObject({ code: "connection_failed" });
});
