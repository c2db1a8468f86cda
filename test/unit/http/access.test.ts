/** Credentials, the operator's key and scopes: the pure parts of who may do what. */
import { expect, it } from "vitest";
import { SCOPES } from "../../../src/contract/scopes.ts";
import type { Scope } from "../../../src/contract/tenant.ts";
import { authorise } from "../../../src/http/authorise.ts";
import { credentialOf } from "../../../src/http/credential.ts";
import { isOperatorKey } from "../../../src/http/operator-key.ts";
import { takeTenantId } from "../../../src/http/tenant-id.ts";

it.each([
	[{ authorization: "Bearer mnt_a_1" }, "mnt_a_1"],
	[{ authorization: "bearer  mnt_a_1 " }, "mnt_a_1"],
	[{ "x-api-key": "mnt_a_1" }, "mnt_a_1"],
	[{ authorization: "Bearer mnt_a_1", "x-api-key": "mnt_b_2" }, "mnt_a_1"],
	[{ authorization: "Basic bW50X2FfMQ==" }, undefined],
	[{ authorization: "Bearer" }, undefined],
	[{ authorization: "Bearer " }, undefined],
	[{ "x-api-key": "" }, undefined],
	[{}, undefined],
])("[AUTH-2] reads the key from %j", (headers, key) => {
	expect(credentialOf(new Headers(Object.entries(headers)))).toBe(key);
});

it("[AUTH-7] knows the operator by the whole key, and nobody where none is set", () => {
	expect(isOperatorKey("secret", "secret")).toBe(true);
	expect(isOperatorKey("secre", "secret")).toBe(false);
	expect(isOperatorKey("secret ", "secret")).toBe(false);
	expect(isOperatorKey("", "")).toBe(false);
	expect(isOperatorKey("undefined", undefined)).toBe(false);
});

function may(scopes: readonly Scope[], needed: Scope, mailboxes: readonly string[] | null = null) {
	return authorise({ scopes, mailboxes }, needed).ok;
}

it("[AUTH-3] a scope allows itself and nothing else", () => {
	const plain = SCOPES.filter((scope) => !/\.(admin|manage)$/.test(scope));
	for (const held of plain) {
		for (const needed of SCOPES) expect(may([held], needed)).toBe(held === needed);
	}
});

it("[AUTH-3] tenant.admin allows everything, timer.manage the three of timers, agent.manage pulling", () => {
	for (const needed of SCOPES) expect(may(["tenant.admin"], needed)).toBe(true);
	const managed = SCOPES.filter((needed) => may(["timer.manage"], needed));
	expect(managed).toEqual(["timer.read", "timer.write", "timer.cancel", "timer.manage"]);
	const agents = SCOPES.filter((needed) => may(["agent.manage"], needed));
	expect(agents).toEqual(["agent.pull", "agent.manage"]);
});

it("[AUTH-5] a key limited to mailboxes may only do what agents do", () => {
	const allowed = SCOPES.filter((needed) => may(["tenant.admin"], needed, ["build-*"]));
	expect(allowed).toEqual(["agent.pull", "agent.manage"]);
});

it("[AUTH-4] drops the key's own tenantId, refuses another, and leaves what names no tenant", () => {
	const own = { tenantId: "a", in: 1 };
	expect(takeTenantId(own, "a")).toBe(true);
	expect(own).toEqual({ in: 1 });
	expect(takeTenantId({ tenantId: "b" }, "a")).toBe(false);
	const number = { tenantId: 5 };
	expect(takeTenantId(number, "a")).toBe(true);
	expect(number).toEqual({ tenantId: 5 });
	expect(takeTenantId(null, "a")).toBe(true);
});
