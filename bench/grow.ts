/** Grows a tenant to more shards. Each doubling takes effect a minute later, so this takes minutes. */
import { setTimeout as delay } from "node:timers/promises";
import type { NetworkProcess } from "../test/helpers/network-process.ts";
import { callOperator } from "./tenant.ts";

/** Past the instant itself, for clocks and caches. */
const MARGIN_MS = 200;

export async function growTenant(
	network: NetworkProcess,
	tenant: string,
	shards: number,
	signal: AbortSignal,
): Promise<void> {
	for (let count = 2; count <= shards; count *= 2) {
		const path = `/v1/tenants/${tenant}`;
		const { effectiveAt } = await callOperator(network, "PATCH", path, { shards: count });
		const waitMs = Date.parse(String(effectiveAt)) - Date.now() + MARGIN_MS;
		if (Number.isNaN(waitMs)) throw new Error(`PATCH ${path} says no effectiveAt`);
		await delay(waitMs, undefined, { signal });
	}
}
