/** The names of mailboxes that a registry lists, and how isolates register them. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { MAILBOX_UNSEEN_MS } from "../../../durable-objects/tenant-registry/constants.ts";
import { MINUTE } from "../../../src/core/units.ts";
import { registerMailbox } from "../../../src/mailboxes.ts";
import { newTenant, unwrap } from "./new-tenant.ts";

const NOW = Date.UTC(2026, 10, 21, 12);

beforeEach(() => {
	vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});

afterEach(() => {
	vi.useRealTimers();
});

it("[MBOX-1] lists mailboxes by name, page by page, with the time of the first registration", async () => {
	const { id, registry } = await newTenant();
	for (const name of ["build-b", "Z", "build-a", "build-b"])
		unwrap(await registry.addMailbox(name));
	vi.setSystemTime(NOW + MINUTE);
	unwrap(await registerMailbox(env, id, "build-a", Date.now()));
	const first = await registry.listMailboxes(null, 2);
	expect(first.map(({ name }) => name)).toEqual(["Z", "build-a"]);
	expect(first.map(({ createdAt }) => createdAt)).toEqual([NOW, NOW]);
	const rest = await registry.listMailboxes("build-a", 2);
	expect(rest.map(({ name }) => name)).toEqual(["build-b"]);
});

it("[MBOX-1] an isolate registers a mailbox once, and again before the registry may forget it", async () => {
	const { id, registry } = await newTenant();
	const register = async () => unwrap(await registerMailbox(env, id, "jobs", Date.now()));
	await register();
	vi.setSystemTime(NOW + MAILBOX_UNSEEN_MS);
	await registry.removeMailboxes(["jobs", "others"]);
	expect(await registry.listMailboxes(null, 9)).toEqual([]);
	await register();
	vi.setSystemTime(NOW + MAILBOX_UNSEEN_MS + 30 * MINUTE);
	await register();
	vi.setSystemTime(NOW + 2 * MAILBOX_UNSEEN_MS + 29 * MINUTE);
	await registry.removeMailboxes(["jobs"]);
	expect(await registry.listMailboxes(null, 9)).toHaveLength(1);
});

it("[MBOX-1] asks the registry no second time for a mailbox it has just registered", async () => {
	const { id } = await newTenant();
	unwrap(await registerMailbox(env, id, "jobs", NOW));
	const get = vi.spyOn(env.TENANT_REGISTRY, "get");
	unwrap(await registerMailbox(env, id, "jobs", NOW + MINUTE));
	expect(get).not.toHaveBeenCalled();
	get.mockRestore();
});

it("[MBOX-1] registers nothing for a tenant that does not exist", async () => {
	const added = await registerMailbox(env, "nobody", "jobs", NOW);
	expect(added).toEqual({ ok: false, error: { code: "not_found" } });
});
