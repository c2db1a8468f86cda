/** The curl of a call, made of its route: key, path, and the example of its body. */
import type { Route } from "../../route.ts";
import type { Sample } from "./sample.ts";

export function curlOf({ method, path, auth, request }: Route, { query = "" }: Sample): string {
	const place = path.replace(/:(\w+)/g, (_, name: string) => `$${name.toUpperCase()}`);
	const url = `$URL${place}${query}`;
	const key = auth === "public" ? [] : [`-H "Authorization: Bearer ${keyOf(auth)}"`];
	const { example } = request ?? {};
	const body = example === undefined ? [] : [`-d '${quoted(JSON.stringify(example, null, 2))}'`];
	const isImplied = method === "GET" || (method === "POST" && body.length > 0);
	const verb = isImplied ? "" : ` -X ${method}`;
	const target = query === "" ? url : `"${url}"`;
	return [`curl${verb} ${target}`, ...key, ...body].join(" \\\n  ");
}

function keyOf(auth: Route["auth"]): string {
	return auth === "operator" ? "$ADMIN_KEY" : "$KEY";
}

/** For a shell's single quotes. */
function quoted(json: string): string {
	return json.replaceAll("'", "'\\''");
}
