/**
 * Reads `text/event-stream` (the HTML standard, 9.2.6), chunk by chunk. Unlike a browser's reader it
 * tells of the last id also where a block without data brought it: the stream resumes from there.
 */

export type SseMessage = {
	/** "" where the block names none, which means `message`. */
	readonly event: string;
	readonly data: string;
	/** The last id of the stream so far; "" before the first. */
	readonly lastId: string;
};

export class SseParser {
	#rest = "";
	#isFirst = true;
	#endsWithCr = false;
	#data: string[] = [];
	#event = "";
	/** Of the block that is being read; counts once the block ends. */
	#id = "";
	#lastId = "";

	/** The id behind which the stream goes on; "" where there is none. */
	get lastId(): string {
		return this.#lastId;
	}

	/** @param chunk text; what it leaves unfinished is kept for the next one */
	*push(chunk: string): Generator<SseMessage, void, undefined> {
		if (chunk === "") return;
		// A CRLF may be cut in two; its CR has ended the line.
		const own = this.#endsWithCr ? chunk.replace(/^\n/, "") : chunk;
		const text = this.#isFirst ? own.replace(/^\uFEFF/, "") : own;
		this.#isFirst = false;
		this.#endsWithCr = chunk.endsWith("\r");
		const lines = (this.#rest + text).split(/\r\n|\n|\r/);
		this.#rest = lines.pop() ?? "";
		for (const line of lines) {
			if (line !== "") this.#take(line);
			else yield* this.#end();
		}
	}

	#take(line: string): void {
		const colon = line.indexOf(":");
		const field = colon === -1 ? line : line.slice(0, colon);
		const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
		if (field === "data") this.#data.push(value);
		else if (field === "event") this.#event = value;
		else if (field === "id" && !value.includes("\0")) this.#id = value;
	}

	*#end(): Generator<SseMessage, void, undefined> {
		const [data, event] = [this.#data, this.#event];
		this.#lastId = this.#id;
		this.#data = [];
		this.#event = "";
		if (data.length > 0) yield { event, data: data.join("\n"), lastId: this.#lastId };
	}
}
