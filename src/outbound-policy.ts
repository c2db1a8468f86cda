/** Where webhooks may go, read from the deployment's settings: for the edge and for the senders. */
import type { DestinationPolicy } from "./core/destination/check-destination.ts";
import type { Env } from "./env.ts";

export function outboundPolicyOf(
	env: Pick<Env, "ALLOW_LOOPBACK" | "OWN_PORTS">,
): DestinationPolicy {
	return {
		allowLoopback: env.ALLOW_LOOPBACK === "true",
		ownPorts: env.OWN_PORTS.split(",")
			.filter((port) => port !== "")
			.map(Number),
	};
}
