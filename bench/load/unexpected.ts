/** The error of an answer that nobody expected, with the beginning of what it says. */
export function unexpected(status: number, body: Buffer): Error {
	return new Error(`Unexpected answer ${status}: ${body.toString("utf8", 0, 300)}`);
}
