/** What every failed call throws. Errors cross from the worker as data and become this here. */

export type ErrorData = {
	readonly message: string;
	/** The network's, or one of ours: `timeout`, `connection_failed`, `not_configured`, `unsupported`. */
	readonly code: string;
	/** HTTP status; null when there was no answer. */
	readonly status?: number | null;
	readonly requestId?: string | null;
	readonly errors?: readonly { readonly path: string; readonly message: string }[];
	/** Of a create: given to the next try, it makes no second timer. */
	readonly idempotencyKey?: string;
};

export class MinootsError extends Error {
	override readonly name = "MinootsError";
	readonly code: string;
	readonly status: number | null;
	readonly requestId: string | null;
	readonly errors: readonly { readonly path: string; readonly message: string }[];
	readonly idempotencyKey: string | undefined;

	constructor(data: ErrorData) {
		super(data.message);
		this.code = data.code;
		this.status = data.status ?? null;
		this.requestId = data.requestId ?? null;
		this.errors = data.errors ?? [];
		this.idempotencyKey = data.idempotencyKey;
	}
}
