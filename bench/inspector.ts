/** V8's inspector of one isolate in workerd, as far as taking a CPU profile needs it. */

/** As the DevTools protocol has it; times in microseconds. */
export type CpuProfile = {
	readonly nodes: readonly {
		readonly id: number;
		readonly callFrame: {
			readonly functionName: string;
			readonly url: string;
			readonly lineNumber: number;
		};
	}[];
	readonly samples: readonly number[];
	readonly timeDeltas: readonly number[];
};

/** Between two samples; finer ones slow down what is measured. */
const SAMPLING_US = 200;

export class Inspector {
	readonly #socket: WebSocket;
	#calls = 0;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
	}

	/** Connects to the isolate of the Worker called `worker`. */
	static async connect(port: number, worker: string): Promise<Inspector> {
		const list = await fetch(`http://127.0.0.1:${port}/json/list`);
		const targets = (await list.json()) as readonly {
			readonly id: string;
			readonly webSocketDebuggerUrl: string;
		}[];
		const target = targets.find(({ id }) => id.includes(worker));
		if (target === undefined) throw new Error(`No isolate ${worker}: ${JSON.stringify(targets)}`);
		const socket = new WebSocket(target.webSocketDebuggerUrl);
		await new Promise((resolve, reject) => {
			socket.addEventListener("open", resolve, { once: true });
			socket.addEventListener("error", reject, { once: true });
		});
		return new Inspector(socket);
	}

	async start(): Promise<void> {
		await this.#call("Profiler.enable");
		await this.#call("Profiler.setSamplingInterval", { interval: SAMPLING_US });
		await this.#call("Profiler.start");
	}

	async stop(): Promise<CpuProfile> {
		const { profile } = await this.#call("Profiler.stop");
		this.#socket.close();
		return profile as CpuProfile; // by the protocol
	}

	#call(method: string, params = {}): Promise<Readonly<Record<string, unknown>>> {
		const id = ++this.#calls;
		return new Promise((resolve, reject) => {
			const hear = ({ data }: MessageEvent) => {
				const answer = JSON.parse(String(data));
				if (answer.id !== id) return;
				this.#socket.removeEventListener("message", hear);
				if (answer.error === undefined) resolve(answer.result);
				else reject(new Error(`${method}: ${answer.error.message}`));
			};
			this.#socket.addEventListener("message", hear);
			this.#socket.send(JSON.stringify({ id, method, params }));
		});
	}
}
