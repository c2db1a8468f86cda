/**
 * What the phases share: how big everything is, the receiver, and the processes that several of them
 * use, started when first asked for and stopped at the end.
 */
import { type NetworkProcess, startNetwork } from "../test/helpers/network-process.ts";
import { type Helper, startHelper } from "./child.ts";
import { growTenant } from "./grow.ts";
import { type Receiver, startReceiver } from "./receiver/receiver.ts";
import type { Scale } from "./scale.ts";
import { callOperator, createTenant, firstTenant, type Tenant } from "./tenant.ts";

/** Shards of the wide tenant. */
export const WIDE_SHARDS = 8;

export type Context = {
	readonly scale: Scale;
	readonly receiver: Receiver;
	/** The Worker to compare with. */
	baseline(): Promise<Helper>;
	/** A tenant with default settings. */
	tenant(): Promise<Tenant>;
	/** A tenant with eight shards; growing takes three minutes from the start of the benchmark. */
	wide(): Promise<Tenant>;
	/** The operator changes a tenant of `tenant()`. */
	patchTenant(tenant: Tenant, patch: Readonly<Record<string, unknown>>): Promise<void>;
	/** Says what is going on, on stderr. */
	say(line: string): void;
	stop(): Promise<void>;
};

/** `withWide` lets the wide tenant grow from now on, beside the other phases. */
export async function createContext(scale: Scale, withWide: boolean): Promise<Context> {
	const receiver = await startReceiver();
	const say = (line: string) => void process.stderr.write(`${line}\n`);
	const baseline = once(() => startHelper("baseline/process.ts"));
	const network = once(() => startNetwork({ logs: "drop" }));
	const stopped = new AbortController();
	const wide = once(async () => {
		const started = await network.get();
		const tenant = await createTenant(started, "wide");
		await growTenant(started, tenant.id, WIDE_SHARDS, stopped.signal);
		return tenant;
	});
	if (withWide) wide.get().catch(() => undefined); // whoever asks for it hears of the failure
	return {
		scale,
		receiver,
		say,
		baseline: baseline.get,
		tenant: async () => firstTenant(await network.get()),
		wide: wide.get,
		async patchTenant({ id }, patch) {
			await callOperator(await network.get(), "PATCH", `/v1/tenants/${id}`, patch);
		},
		async stop() {
			stopped.abort();
			await (await baseline.made)?.stop();
			await stopNetwork(await network.made);
			await receiver.stop();
		},
	};
}

async function stopNetwork(network: NetworkProcess | undefined): Promise<void> {
	await network?.stop();
}

/** Makes something when first asked for; `made` is undefined as long as nobody has asked. */
function once<T>(make: () => Promise<T>): {
	get(): Promise<T>;
	readonly made: Promise<T> | undefined;
} {
	let made: Promise<T> | undefined;
	return {
		get() {
			made ??= make();
			return made;
		},
		get made() {
			return made;
		},
	};
}
