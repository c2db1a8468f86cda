/**
 * The circuit of one host, kept by itty-durable: its only field is what is stored. The class is no
 * Durable Object of today's kind and cannot be called; endpoint-health-do.ts is the bridge to it
 * (docs/decisions/0006-endpoint-health.md).
 */
import { createDurable } from "itty-durable";
import * as core from "../../src/core/circuit.ts";

export class CircuitKeeper extends createDurable() {
	circuit: core.Circuit = core.CLOSED;

	admit(timeoutMs: number, now: number): core.Verdict {
		const { circuit, verdict } = core.admit(this.circuit, now, timeoutMs);
		this.circuit = circuit;
		return verdict;
	}

	note(report: core.HealthReport, now: number): Exclude<core.Verdict, { kind: "probe" }> {
		this.circuit = core.note(this.circuit, report, now);
		return core.verdictOf(this.circuit, now);
	}
}
