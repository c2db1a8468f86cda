/**
 * What the sender must know of a kind of action that speaks to a service: the request that an action
 * becomes, and what the service's answers mean. The turn, the lease, the destination's rules and
 * health, time-outs and reports are those of webhooks. Only types.
 */
import type { PostponeReason } from "../../contract/delivery.ts";
import type { Result } from "../../core/result.ts";
import type { ServiceAnswer, Verdict } from "../../core/services/verdict.ts";
import type { ServiceDoc, TimerDoc } from "../../core/timer-doc.ts";
import type { FiringContext } from "../../core/webhook-body.ts";
import type { Sending } from "../sending.ts";

export type ServiceCall<Doc extends ServiceDoc> = {
	readonly sending: Sending;
	readonly doc: TimerDoc;
	/** The action with its templates resolved. */
	readonly action: Doc;
	/** In the open; `undefined` where the action carries none. */
	readonly token: string | undefined;
	readonly firing: FiringContext;
	/** From 1. */
	readonly attempt: number;
};

export type ServiceRequest = {
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | undefined;
};

/** It is not the time: the delivery waits, and has used no attempt. `until` in epoch ms. */
export type Postponed = {
	readonly kind: "postponed";
	readonly until: number;
	readonly reason: PostponeReason;
};

/** Why there is no request. */
export type NoRequest = Exclude<Verdict, { readonly kind: "delivered" }> | Postponed;

export type Service<Doc extends ServiceDoc> = {
	/** Where it is sent, if the deployment has its own place for `ServiceKind.urlOf`. */
	urlOf?(env: Sending["env"]): string;
	/** The request to that, or to `ServiceKind.urlOf` of the action. */
	call(
		of: ServiceCall<Doc>,
	): Result<ServiceRequest, NoRequest> | Promise<Result<ServiceRequest, NoRequest>>;
	/** What the answer means; a service may ask once more before it says so. */
	judge(
		answer: ServiceAnswer,
		action: Doc,
		of: ServiceCall<Doc>,
	): Verdict | Postponed | Promise<Verdict | Postponed>;
};
