/** A URL's query as plain data: text, or a list where a name stands several times. */
import { z } from "zod";

/** For routes that take no query. */
export const NoQuerySchema = z.strictObject({});

export function queryOf(url: string): Record<string, string | string[]> {
	const query = new Map<string, string | string[]>();
	for (const [name, value] of new URL(url).searchParams) {
		const before = query.get(name);
		query.set(name, before === undefined ? value : [before, value].flat());
	}
	return Object.fromEntries(query);
}
