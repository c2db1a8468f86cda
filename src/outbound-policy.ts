/** Where webhooks may go, read from the deployment's settings: for the edge and for the senders. */
import { createJudge, type Judge } from "./core/destination/judge.ts";
import type { Env } from "./env.ts";

type Settings = Pick<Env, "ALLOW_LOOPBACK" | "OWN_PORTS">;

let current: { readonly settings: Settings; readonly judge: Judge } | undefined;

/** Judges destinations by the settings of `env`, which stay the same while an isolate lives. */
export function judgeOf({ ALLOW_LOOPBACK, OWN_PORTS }: Settings): Judge {
	if (
		current?.settings.ALLOW_LOOPBACK !== ALLOW_LOOPBACK ||
		current.settings.OWN_PORTS !== OWN_PORTS
	) {
		const ownPorts = OWN_PORTS.split(",")
			.filter((port) => port !== "")
			.map(Number);
		const judge = createJudge({ allowLoopback: ALLOW_LOOPBACK === "true", ownPorts });
		current = { settings: { ALLOW_LOOPBACK, OWN_PORTS }, judge };
	}
	return current.judge;
}
