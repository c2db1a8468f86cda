/** How close a tenant is to what its plan allows. Pure. */
import type { Usage } from "../../../sdk/src/types.ts";
import type { Answer } from "./ask.ts";
import { type Finding, failed, ok, skipped, warning } from "./hop.ts";

/** Share of a limit from which on it is worth a look. */
const CLOSE = 0.9;

const WHAT = { activeTimers: "active timers", createsThisMinute: "creates this minute" } as const;
const RELIEF = {
	activeTimers: "Cancel what is not needed (`minoots bulk cancel`), or raise the plan.",
	createsThisMinute: "Wait a minute, or raise the plan.",
} as const;

/** @param answer of `/v1/usage` */
export function judgeQuota({ status, headers, body }: Answer): Finding {
	if (status === 429) {
		const seconds = headers.get("retry-after");
		return failed(
			"the requests of this minute are used up (429)",
			`Wait ${seconds === null ? "a minute" : `${seconds} s`}, or raise the plan.`,
		);
	}
	if (status === 403) return skipped("only keys with tenant.admin may see it");
	if (status !== 200 || body === undefined) {
		return warning(`/v1/usage answers ${status}`, "Try again; report the request id if it lasts.");
	}
	const usage = body as unknown as Usage; // as the contract says
	const members = ["activeTimers", "createsThisMinute"] as const;
	const used = members.find((member) => shareOf(usage[member]) >= 1);
	if (used !== undefined) {
		return failed(`${textOf(usage, used)}: none are left on the plan ${usage.plan}`, RELIEF[used]);
	}
	const close = members.find((member) => shareOf(usage[member]) >= CLOSE);
	if (close !== undefined)
		return warning(`${textOf(usage, close)} on ${usage.plan}`, RELIEF[close]);
	return ok(`${members.map((member) => textOf(usage, member)).join(", ")} on ${usage.plan}`);
}

function shareOf({ used, limit }: Usage["activeTimers"]): number {
	return limit === null ? 0 : used / limit;
}

function textOf(usage: Usage, member: keyof typeof WHAT): string {
	const { used, limit } = usage[member];
	return limit === null ? `${used} ${WHAT[member]}` : `${used} of ${limit} ${WHAT[member]}`;
}
