/** Opens streams of the exported Worker and reads their frames, as an EventSource does. */
import { exports } from "cloudflare:workers";

export type Frame = {
	readonly id: string;
	readonly event: string;
	// biome-ignore lint/suspicious/noExplicitAny: what the API says; tests compare it
	readonly data: any;
};

export type Stream = {
	readonly response: Response;
	/** The next `count` events. */
	readonly take: (count: number) => Promise<Frame[]>;
	/** The last id that the stream has said, also without an event. */
	readonly lastId: () => string;
	readonly close: () => Promise<void>;
};

/** Resolves when the stream has said where it begins. */
export async function openStream(
	path: string,
	key: string | null,
	headers: Readonly<Record<string, string>> = {},
): Promise<Stream> {
	const authorization = key === null ? {} : { authorization: `Bearer ${key}` };
	const response = await exports.default.fetch(
		new Request(`http://localhost${path}`, { headers: { ...authorization, ...headers } }),
	);
	if (response.status !== 200 || response.body === null) {
		throw new Error(`${response.status} ${await response.text()}`);
	}
	const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
	const frames: Frame[] = [];
	let text = "";
	let lastId = "";

	async function read(): Promise<void> {
		const { value, done } = await reader.read();
		if (done) throw new Error("The stream has ended.");
		const blocks = (text + value).split("\n\n");
		text = blocks.pop() ?? "";
		for (const block of blocks) {
			const fields = new Map(
				block.split("\n").map((line) => {
					const colon = line.indexOf(":");
					return [line.slice(0, colon), line.slice(colon + 2)] as const;
				}),
			);
			lastId = fields.get("id") ?? lastId;
			const data = fields.get("data");
			if (data === undefined) continue;
			frames.push({ id: lastId, event: fields.get("event") ?? "", data: JSON.parse(data) });
		}
	}

	await read();
	return {
		response,
		async take(count) {
			while (frames.length < count) await read();
			return frames.splice(0, count);
		},
		lastId: () => lastId,
		close: () => reader.cancel(),
	};
}
