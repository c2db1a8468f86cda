/** How callers share rounds: who is served by which, and what one that fails leaves behind. */
import { describe, expect, it } from "vitest";
import { shareRounds } from "../../../durable-objects/shared/shared-rounds.ts";

/** Rounds that the test ends by hand. */
function manualRounds() {
	const rounds: PromiseWithResolvers<void>[] = [];
	const join = shareRounds(() => {
		const round = Promise.withResolvers<void>();
		rounds.push(round);
		return round.promise;
	});
	return { rounds, join };
}

describe("shared rounds", () => {
	it("[GRANT-6] serves all who ask during a round with one that begins after it", async () => {
		const { rounds, join } = manualRounds();
		const first = join();
		const others = [join(), join(), join()];
		expect(rounds).toHaveLength(1);
		rounds[0]?.resolve();
		await first;
		await Promise.resolve();
		expect(rounds).toHaveLength(2);
		rounds[1]?.resolve();
		await Promise.all(others);
		expect(rounds).toHaveLength(2);
	});

	it("[GRANT-6] begins a round at once when none runs", async () => {
		const { rounds, join } = manualRounds();
		for (const count of [1, 2, 3]) {
			const served = join();
			expect(rounds).toHaveLength(count);
			rounds.at(-1)?.resolve();
			await served;
		}
	});

	it("[GRANT-5] a round that fails does so for those it served, and the next one runs", async () => {
		const { rounds, join } = manualRounds();
		const first = join();
		const second = join();
		rounds[0]?.reject(new Error("broken"));
		await expect(first).rejects.toThrow("broken");
		await Promise.resolve();
		rounds[1]?.resolve();
		await expect(second).resolves.toBeUndefined();
	});
});
