/** What a tenant's shard has stored, for tests of what must not be found there. */
import { runInDurableObject } from "cloudflare:test";
import { shardOf } from "../../../durable-objects/shared/object-names.ts";
import { type Api, env } from "./api.ts";

/** Every row of every table of the tenant's shard, as text. */
export function storedBy({ tenant }: Api): Promise<string> {
	return runInDurableObject(shardOf(env, tenant, 0), (_, { storage: { sql } }) => {
		const tables = sql
			.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
			.toArray()
			.filter(({ name }) => !name.startsWith("_cf_"));
		const rows = tables.map(({ name }) => sql.exec(`SELECT * FROM "${name}"`).toArray());
		return JSON.stringify(rows, (_key, value) =>
			value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value,
		);
	});
}
