/**
 * What a route's handler is given. Built by `serve.ts` once a request has been authenticated, read
 * and validated; handlers take nothing from the raw request but what they need headers for.
 */
import type { Principal, TenantConfig } from "../../durable-objects/tenant-registry/rpc.ts";
import type { IdempotencyClaim } from "../../durable-objects/tenant-shard/rpc.ts";
import type { Scope } from "../contract/tenant.ts";
import type { BatchItemError } from "../contract/timer-calls.ts";
import type { StoredCalendar } from "../core/calendar/calendar-dates.ts";
import type { IdSpace } from "../core/public-id.ts";
import type { Result } from "../core/result.ts";
import type { Env } from "../env.ts";

/** Who may call: anyone; the operator; whoever has a key, the operator too; a tenant's key with a
 * scope; or the operator and such a key, the tenant only for itself (the path's `:id`). With
 * `streamToken`, `?token=` stands in for a key. */
export type Auth =
	| "public"
	| "operator"
	| "anyKey"
	| { readonly scope: Scope; readonly streamToken?: true }
	| { readonly operatorOr: Scope };

/** What the edge knows of a request on arrival. */
export type Arrival = {
	readonly env: Env;
	readonly exec: Pick<ExecutionContext, "waitUntil">;
	readonly request: Request;
	/** Epoch ms at arrival: the one `now` of this request. */
	readonly now: number;
	readonly requestId: string;
	/** The caller's trace under a span of ours, or null when it sent none. */
	readonly traceparent: string | null;
};

/** One line of a batch: the parsed item, or why that line is refused. */
export type BatchItem<T> = Result<T, BatchItemError>;

export type Inputs<P, Q, B, I> = {
	readonly params: P;
	readonly query: Q;
	readonly body: B;
	/** Of a route that declares `batch`: its lines, in order. Empty elsewhere. */
	readonly items: readonly BatchItem<I>[];
	/** The `Idempotency-Key`, of a route that handles it itself. */
	readonly idempotency: IdempotencyClaim | null;
};

/** What comes with a tenant's key. */
export type TenantPart = {
	readonly tenant: string;
	readonly principal: Principal;
	readonly config: TenantConfig;
	readonly ids: IdSpace;
	/** What time it is for the tenant's schedules: `now`, but where tests have moved it. Epoch ms. */
	readonly tenantNow: number;
	/** The calendars that the request's schedules name, once they have been asked for. */
	readonly calendars?: readonly StoredCalendar[];
};

export type AnyContext = Arrival & Inputs<unknown, unknown, unknown, unknown> & Partial<TenantPart>;

export type ContextFor<A extends Auth, P, Q, B, I> = Arrival &
	Inputs<P, Q, B, I> &
	(A extends { readonly scope: Scope }
		? TenantPart
		: A extends "anyKey" | { readonly operatorOr: Scope }
			? Partial<TenantPart>
			: unknown);

/** A context of a route that takes a tenant's key, whatever its inputs. */
export type TenantContext = Arrival & TenantPart;
