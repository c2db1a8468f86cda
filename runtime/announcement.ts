/** What a start prints: how to go on after the first one, and the line that says it is ready. */
import type { Network } from "./network.ts";

/** The whole text for stdout; its last line is the ready line, at every start. */
export function describeStart(network: Network): string {
	const { url, dev, wake } = network;
	const { pending, overdue } = wake;
	const ready = `Minoots is ready on ${url} · ${pending} pending, ${overdue} overdue\n`;
	if (!dev.isNew) return ready;
	const authorization = `-H "Authorization: Bearer ${dev.access.apiKey}"`;
	return `The tenant "${dev.access.tenant}" is made, for this machine only.

  URL      ${url}
  API key  ${dev.access.apiKey}

Create a timer:
  curl ${url}/v1/timers ${authorization} -d '{"name":"hello","in":"5s"}'
Wait until it fires, with the id from the answer:
  curl "${url}/v1/timers/<id>/wait?timeout=30s" ${authorization}

${ready}`;
}
