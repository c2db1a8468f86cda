/** What the answers of /healthz, /readyz and /openapi.json tell. Pure. */
import type { Answer } from "./ask.ts";
import { type Finding, failed, ok, warning } from "./hop.ts";

/** The version of the API that this client speaks. */
const API_VERSION = "1";
/** Characters of a foreign answer that are shown. */
const EXCERPT_LENGTH = 80;

export function judgeHealth({ status, headers, body, text }: Answer): Finding {
	if (status === 200 && body?.["status"] === "ok") return ok("/healthz answers");
	if (status >= 300 && status < 400) {
		return failed(
			`/healthz redirects to ${headers.get("location") ?? "nowhere"} (${status})`,
			"Use the address that it redirects to.",
		);
	}
	if (status === 401 || status === 403 || status === 407) {
		return failed(
			`/healthz, which needs no key, is refused (${status})`,
			"Something before the network wants a login of its own: a proxy or a gateway.",
		);
	}
	if (status >= 500) {
		return failed(
			`/healthz answers ${status}`,
			"What stands before the network is up, the network itself is not: try again, or ask its operator.",
		);
	}
	return failed(
		`what answers is not a Minoots network (${status}: ${excerptOf(text)})`,
		"Check the address and its path. A login page of the Wi-Fi you are in looks like this as well.",
	);
}

/** `/readyz`: whether what the edge stands on works. */
export function judgeStorage({ status, body }: Answer): Finding {
	if (status === 200) return ok("/readyz: storage answers");
	const detail = typeof body?.["detail"] === "string" ? `: ${body["detail"]}` : "";
	return failed(
		`/readyz answers ${status}${detail}`,
		"The network is up, but cannot store timers. Try again in a moment, or ask its operator.",
	);
}

/** @param versions of this client and of Node, as shown */
export function judgeVersion({ status, body }: Answer, versions: string): Finding {
	const info = body?.["info"];
	const version =
		typeof info === "object" && info !== null && "version" in info ? info.version : null;
	if (status !== 200 || typeof version !== "string") {
		return warning(
			`${versions}; the network does not say which API it has`,
			"Look at /openapi.json of the network.",
		);
	}
	if (version === API_VERSION) return ok(`${versions}, API ${version}`);
	return warning(
		`${versions}, for API ${API_VERSION}; the network has API ${version}`,
		"Install the version of minoots that goes with the network.",
	);
}

function excerptOf(text: string): string {
	const line = text.replaceAll(/\s+/g, " ").trim();
	if (line === "") return "an empty body";
	return JSON.stringify(line.length > EXCERPT_LENGTH ? `${line.slice(0, EXCERPT_LENGTH)}…` : line);
}
