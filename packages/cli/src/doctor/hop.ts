/** What the doctor finds out, hop by hop. */

/** In the order of the way of a call. */
export type HopName =
	| "address"
	| "name"
	| "connection"
	| "proxy"
	| "certificate"
	| "health"
	| "storage"
	| "key"
	| "scopes"
	| "quota"
	| "clock"
	| "version";

/** `skipped`: it does not apply, or cannot be seen with this key. */
export type HopState = "ok" | "warning" | "failed" | "skipped";

/** What came of one hop. */
export type Finding = {
	readonly state: HopState;
	/** What was found, in a few words. */
	readonly detail: string;
	/** What to do next. */
	readonly advice?: string;
};

export type Hop = Finding & {
	readonly hop: HopName;
	/** How long it took. */
	readonly ms: number;
};

export function ok(detail: string): Finding {
	return { state: "ok", detail };
}

export function skipped(detail: string): Finding {
	return { state: "skipped", detail };
}

export function warning(detail: string, advice: string): Finding {
	return { state: "warning", detail, advice };
}

export function failed(detail: string, advice: string): Finding {
	return { state: "failed", detail, advice };
}
