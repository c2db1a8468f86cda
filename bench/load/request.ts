/** Whole HTTP/1.1 requests as bytes, built once and sent many times. */

export type RequestParts = {
	readonly method: string;
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
};

export function encodeRequest({ method, path, headers = {}, body }: RequestParts): Buffer {
	const lines = [`${method} ${path} HTTP/1.1`, "host: 127.0.0.1"];
	for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
	if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(body)}`);
	return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`);
}
