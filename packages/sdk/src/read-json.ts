/** Reads an answer that is JSON by the contract. Called by `transport.ts`. */
import { MinootsError } from "./error.ts";

export function isJson({ headers }: Response): boolean {
	return /^application\/json\b/.test(headers.get("content-type") ?? "");
}

export async function readJson(response: Response): Promise<unknown> {
	const text = await response.text();
	if (text === "") return undefined;
	try {
		if (isJson(response)) return JSON.parse(text);
	} catch {
		// told below
	}
	const { status, url } = response;
	const what = `${url} answers ${status} with something else than JSON.`;
	throw new MinootsError(what, { code: "unexpected_answer", status });
}
