/** `/v1/dev/clock`: the tenant's time, which tests move; only on a local runtime. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { Clock as ClockAnswer, ClockMove, ClockMoved } from "../types.ts";

const PATH = "/v1/dev/clock";
/** The network works up to 20 s at a move, and up to 30 s more at its last step. */
const MOVE_MS = 60_000;

export class Clock {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	get(options?: CallOptions): Promise<ClockAnswer> {
		return this.#transport.call("GET", PATH, options);
	}

	/** Goes on with further calls until the clock is where it was to be. */
	async move(input: ClockMove, options?: CallOptions): Promise<ClockMoved> {
		let moved = await this.#move(input, options);
		while (!moved.reached) {
			const { fired, steps } = moved;
			const { idempotencyKey, ...rest } = options ?? {};
			moved = await this.#move({ set: moved.target }, rest);
			moved = { ...moved, fired: fired + moved.fired, steps: steps + moved.steps };
		}
		return moved;
	}

	#move(body: ClockMove, options?: CallOptions): Promise<ClockMoved> {
		return this.#transport.call("POST", PATH, { timeoutMs: MOVE_MS, ...options, body });
	}
}
