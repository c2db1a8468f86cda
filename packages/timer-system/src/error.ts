/** What every failed call throws. Errors cross from the worker as data and become this here. */

export type ErrorData = {
	readonly message: string;
	/** The network's, or one of ours: `timeout`, `connection_failed`, `not_configured`, `unsupported`. */
	readonly code: string;
	/** HTTP status; 0 when there was no answer. */
	readonly status?: number;
	readonly requestId?: string | undefined;
	readonly errors?: readonly { readonly path: string; readonly message: string }[];
	/** Of a create: given to the next try, it makes no second timer. */
	readonly idempotencyKey?: string;
};

export class MinootsError extends Error {
	override readonly name = "MinootsError";
	readonly code: string;
	readonly status: number;
	readonly requestId: string | undefined;
	readonly errors: readonly { readonly path: string; readonly message: string }[];
	readonly idempotencyKey: string | undefined;

	constructor(data: ErrorData) {
		super(data.message);
		this.code = data.code;
		this.status = data.status ?? 0;
		this.requestId = data.requestId;
		this.errors = data.errors ?? [];
		this.idempotencyKey = data.idempotencyKey;
	}
}
