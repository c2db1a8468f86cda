/**
 * An empty HTTP server on node:http in its own process: what the load generator reaches against it
 * bounds every other figure. Spoken to over IPC: it says its port and lives as long as its parent.
 */
import { createServer } from "node:http";

const BODY = "{}";

const server = createServer((request, response) => {
	request.resume();
	response.writeHead(200, { "content-length": BODY.length });
	response.end(BODY);
});
server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
process.on("disconnect", () => process.exit());
