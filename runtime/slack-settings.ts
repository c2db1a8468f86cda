/** The Slack app that this machine's network serves, from the environment of its process. */
import { err, ok, type Result } from "../src/core/result.ts";
import { type Refusal, usageRefusal } from "./refusal.ts";

/** Named as the Worker's bindings are. */
const NAMES = [
	"SLACK_CLIENT_ID",
	"SLACK_CLIENT_SECRET",
	"SLACK_SIGNING_SECRET",
	"SLACK_API_URL",
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Those that are set. Without any, the network has no Slack. */
export function readSlackSettings(
	environment: Environment,
): Result<Readonly<Record<string, string>>, Refusal> {
	const settings: Record<string, string> = {};
	for (const name of NAMES) {
		const value = environment[name]?.trim() ?? "";
		if (value !== "") settings[name] = value;
	}
	const { SLACK_API_URL: url } = settings;
	if (url === undefined || isHttpUrl(url)) return ok(settings);
	return err(usageRefusal(`SLACK_API_URL must be an http(s) URL, got "${url}"`));
}

function isHttpUrl(text: string): boolean {
	return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
