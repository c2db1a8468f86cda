/** What the object of a destination host can be asked, as types. Called by the senders alone. */
import type { HealthReport, Verdict } from "../../src/core/circuit.ts";

export interface EndpointHealthRpc {
	/** Whether a delivery may go now. Answered `probe`, its end must be told. */
	admit(timeoutMs: number): Promise<Verdict>;
	/** Answers how it stands afterwards; never `probe`. */
	note(report: HealthReport): Promise<Exclude<Verdict, { kind: "probe" }>>;
}
