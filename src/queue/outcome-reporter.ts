/**
 * Tells a shard what became of an envelope's deliveries: once a second while any outcomes are
 * waiting, and all the rest when the envelope ends (decision 4). Reports go one after the other, and
 * what could not be told goes along with the next: the last report always completes the picture.
 */
import type { DeliveryOutcome, OutcomeReport } from "../contract/envelope.ts";
import { REPORT_EVERY_MS, REPORT_RETRY_DELAYS_MS } from "./constants.ts";

/** Calls the shard. It rejects when the shard did not take the report. */
export type Report = (report: OutcomeReport) => Promise<void>;

export class OutcomeReporter {
	readonly #claim: number;
	readonly #report: Report;
	#waiting: DeliveryOutcome[] = [];
	/** Set from the moment a report is planned until it is over. */
	#timer: ReturnType<typeof setTimeout> | null = null;
	#isFinishing = false;
	/** The report under way. */
	#reported: Promise<unknown> = Promise.resolve();

	constructor(claim: number, report: Report) {
		this.#claim = claim;
		this.#report = report;
	}

	add(outcome: DeliveryOutcome): void {
		this.#waiting.push(outcome);
		this.#planNext();
	}

	/** Tells the rest. Answers the fault when the shard could not be told: its lease brings it back. */
	async finish(): Promise<unknown> {
		this.#isFinishing = true;
		if (this.#timer !== null) clearTimeout(this.#timer);
		await this.#reported;
		return this.#tell(true);
	}

	#planNext(): void {
		if (this.#isFinishing || this.#timer !== null || this.#waiting.length === 0) return;
		this.#timer = setTimeout(() => {
			this.#reported = this.#tell(false).then(() => {
				this.#timer = null;
				this.#planNext();
			});
		}, REPORT_EVERY_MS);
	}

	async #tell(last: boolean): Promise<unknown> {
		const outcomes = this.#waiting;
		this.#waiting = [];
		let fault: unknown;
		for (const delayMs of [0, ...REPORT_RETRY_DELAYS_MS]) {
			if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
			try {
				await this.#report({ claim: this.#claim, outcomes, last });
				return undefined;
			} catch (error) {
				fault = error;
			}
		}
		this.#waiting = [...outcomes, ...this.#waiting];
		return fault;
	}
}
