/** Escalations as callers write them: what is stored of them, and what is refused. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { actionsIn, withActions } from "../../../src/core/doc-actions.ts";
import { renderAction, renderEscalation } from "../../../src/core/render-timer.ts";
import type { TimerDoc } from "../../../src/core/timer-doc.ts";
import { ESCALATES, flagsOfDoc } from "../../../src/core/timer-flags.ts";
import { accepted, readTimer, refused } from "./read-timer.ts";

const url = "https://example.com/hook";
const page = { type: "webhook", url } as const;
const agent = { type: "agent", mailbox: "on-call" } as const;
const written = {
	after: { unacknowledgedFor: "5m" },
	steps: [{ actions: [page] }, { after: "10m", actions: [agent] }, { attempts: 2 }],
};
const stored = {
	after: { unacknowledgedMs: 300_000 },
	steps: [{ actions: [page] }, { afterMs: 600_000, actions: [agent] }, { attempts: 2 }],
};

describe("an escalation", () => {
	it("[ESC-1] of a timer and of an action is stored in milliseconds, and shown as it can be written", () => {
		const byAction = { after: { attempts: 2 }, steps: [{ actions: [page] }] };
		const { doc } = accepted(
			readTimer({ in: "1h", escalation: written, actions: [{ ...page, escalation: byAction }] }),
		);
		expect(doc).toEqual({ escalation: stored, actions: [{ ...page, escalation: byAction }] });
		expect(flagsOfDoc(doc) & ESCALATES).not.toBe(0);
		if (doc.escalation === undefined || doc.actions?.[0] === undefined) throw new Error("missing");
		const shown = renderEscalation(doc.escalation);
		expect(shown).toMatchObject({
			after: { unacknowledgedFor: 300_000 },
			steps: [{}, { after: 600_000 }, {}],
		});
		expect(accepted(readTimer({ in: "1h", escalation: shown })).doc.escalation).toMatchObject(
			stored,
		);
		expect(renderAction(doc.actions[0])).toMatchObject({ escalation: { after: { attempts: 2 } } });
	});

	it.each<[object, string]>([
		[{ steps: [{}] }, "escalation.after"],
		[{ after: { attempts: 0 }, steps: [{}] }, "escalation.after"],
		[{ after: { attempts: 1, unacknowledgedFor: "1m" }, steps: [{}] }, "escalation.after"],
		[{ after: { unacknowledgedFor: "0s" }, steps: [{}] }, "escalation.after.unacknowledgedFor"],
		[{ after: { unacknowledgedFor: "31d" }, steps: [{}] }, "escalation.after.unacknowledgedFor"],
		[{ after: { attempts: 1 }, steps: [] }, "escalation.steps"],
		[{ after: { attempts: 1 }, steps: Array.from({ length: 11 }, () => ({})) }, "escalation.steps"],
		[{ after: { attempts: 1 }, steps: [{ after: "soon" }] }, "escalation.steps.0.after"],
		[{ after: { attempts: 1 }, steps: [{ attempts: 1 }] }, "escalation.steps.0.attempts"],
		[{ after: { attempts: 1 }, steps: [{}, { attempts: 1 }] }, "escalation.steps.1.attempts"],
		[{ after: { attempts: 1 }, steps: [{ actions: [] }] }, "escalation.steps.0.actions"],
		[
			{ after: { attempts: 1 }, steps: [{ actions: [{ ...page, timeoutMs: 1 }] }] },
			"escalation.steps.0.actions.0.timeoutMs",
		],
		[
			{ after: { attempts: 1 }, steps: [{ actions: [{ ...page, method: "GET", body: 1 }] }] },
			"escalation.steps.0.actions.0.body",
		],
		[
			{ after: { attempts: 1 }, steps: [{ actions: [{ ...page, escalation: written }] }] },
			"escalation.steps.0.actions.0.escalation",
		],
	])("[ESC-2] %j is refused, naming %s", (escalation, path) => {
		expect(refused(readTimer({ in: "1h", escalation }))[1]).toMatch(new RegExp(`^${path}`));
	});

	it("[ESC-3] has its large bodies moved out, and each action can be replaced in its place", () => {
		const body = "x".repeat(LIMITS.inlineBodyBytes);
		const step = { actions: [{ ...page, body }] };
		const escalation = { after: { attempts: 1 }, steps: [{ actions: [page] }, step] };
		const actions = [{ ...page, escalation }, page];
		const timer = accepted(readTimer({ in: "1h", actions, escalation }));
		expect(timer.payloads.length).toBeGreaterThan(0);
		const doc: TimerDoc = JSON.parse(timer.stored.doc);
		expect(doc.escalation?.steps[1]?.actions).toMatchObject([{ bodyRef: {} }]);
		expect(doc.actions?.[0]?.escalation?.steps[1]?.actions).toMatchObject([{ bodyRef: {} }]);
		const renamed = withActions(
			doc,
			actionsIn(doc).map((_, index) => ({ type: "agent", mailbox: `m${index}` })),
		);
		expect(actionsIn(renamed).map((action) => action.type === "agent" && action.mailbox)).toEqual([
			"m0",
			"m1",
			"m2",
			"m3",
			"m4",
			"m5",
		]);
		expect(withActions(doc, actionsIn(doc))).toEqual(doc);
	});

	it("[ESC-4] of a bundle's action is read, also where that escalates further", () => {
		const second = { kind: "agent", parameters: { mailbox: "on-call" } };
		const first = {
			kind: "webhook",
			parameters: { url, method: "post" },
			escalation: { afterAttempts: 2, escalatesTo: second },
		};
		const bundled = {
			id: "a",
			kind: "webhook",
			parameters: { url },
			escalation: { escalatesTo: first },
		};
		const { doc } = accepted(readTimer({ duration: "1s", actionBundle: { actions: [bundled] } }));
		expect(doc.actions).toEqual([
			{
				...page,
				escalation: {
					after: { attempts: 1 },
					steps: [{ actions: [{ ...page, method: "POST" }] }, { attempts: 2, actions: [agent] }],
				},
			},
		]);
	});

	it.each([
		[{}, "escalatesTo"],
		[5, ""],
		[{ afterAttempts: 0 }, "afterAttempts"],
		[{ escalatesTo: { kind: "webhook" } }, "escalatesTo.parameters"],
		[{ escalatesTo: { parameters: {} } }, "escalatesTo.kind"],
		[{ escalatesTo: { kind: "webhook", parameters: { url } }, later: 1 }, "later"],
	])("[ESC-4] of a bundle %j is refused, naming %s", (escalation, path) => {
		const bundled = { id: "a", kind: "webhook", parameters: { url }, escalation };
		const json = { duration: "1s", actionBundle: { actions: [bundled] } };
		const at = `actionBundle.actions.0.escalation${path === "" ? "" : `.${path}`}`;
		expect(refused(readTimer(json))).toContain(at);
	});
});
