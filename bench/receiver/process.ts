/**
 * The receiver of webhooks, in its own process: a minimal HTTP/1.1 server straight on sockets, since
 * a full one would take a good part of a core at 5,000 requests a second. It notes which timer came
 * when; what that means is decided elsewhere (receiver.ts, which also documents the paths).
 */
import { createServer, type Socket } from "node:net";
import type { FromReceiver, ToReceiver } from "./messages.ts";

const HEAD_END = "\r\n\r\n";
const OK = "HTTP/1.1 204 No Content\r\n\r\n";
const PATH = /^\w+ \/(\d+)\/(\d+)(?:\/(\d+))? HTTP\/1\.1\r\n/;
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const WEBHOOK_ID = /\r\nwebhook-id: *([^\r]*)/i;

type Run = {
	readonly index: number[];
	readonly at: number[];
	readonly ids: Map<number, string>;
	changedIds: number;
	watched: number;
};

const runs = new Map<number, Run>();

function runOf(number: number): Run {
	const known = runs.get(number);
	if (known !== undefined) return known;
	const run = { index: [], at: [], ids: new Map(), changedIds: 0, watched: Infinity };
	runs.set(number, run);
	return run;
}

/** Notes one request and answers after how many milliseconds it is to be answered. */
function note(head: string, at: number): number {
	const [, number, index, holdMs] = PATH.exec(head) ?? [];
	if (number === undefined) throw new Error(`Not a request of the benchmark: ${head}`);
	const run = runOf(Number(number));
	const timer = Number(index);
	const id = WEBHOOK_ID.exec(head)?.[1] ?? "";
	const before = run.ids.get(timer);
	if (before === undefined) run.ids.set(timer, id);
	else if (before !== id) run.changedIds += 1;
	run.index.push(timer);
	run.at.push(at);
	if (run.ids.size === run.watched) tell({ kind: "reached", run: Number(number) });
	return Number(holdMs ?? 0);
}

function serve(socket: Socket): void {
	let received: Buffer = Buffer.alloc(0);
	socket.setNoDelay(true);
	socket.on("error", () => socket.destroy()); // the sender was killed: that is part of the test
	socket.on("data", (chunk) => {
		received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
		for (;;) {
			const end = received.indexOf(HEAD_END);
			if (end === -1) return;
			const head = received.toString("latin1", 0, end);
			const size = end + HEAD_END.length + Number(LENGTH.exec(head)?.[1] ?? 0);
			if (received.length < size) return;
			received = received.subarray(size);
			const holdMs = note(head, Date.now());
			if (holdMs === 0) socket.write(OK);
			else setTimeout(() => socket.destroyed || socket.write(OK), holdMs);
		}
	});
}

function tell(message: FromReceiver): void {
	process.send?.(message);
}

process.on("message", (message: ToReceiver) => {
	const run = runOf(message.run);
	if (message.kind === "watch") {
		run.watched = message.count;
		if (run.ids.size >= run.watched) tell({ kind: "reached", run: message.run });
	} else {
		const { changedIds } = run;
		const index = Uint32Array.from(run.index);
		tell({ kind: "arrivals", run: message.run, index, at: Float64Array.from(run.at), changedIds });
	}
});
process.on("disconnect", () => process.exit());
const server = createServer(serve);
server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
