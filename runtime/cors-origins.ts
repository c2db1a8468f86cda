/** Whose pages may call this machine's network, from the environment of its process. */
import { err, ok, type Result } from "../src/core/result.ts";
import { type Refusal, usageRefusal } from "./refusal.ts";

/** Named as the Worker's variable is. */
const NAME = "CORS_ORIGINS";

type Environment = Readonly<Record<string, string | undefined>>;

/** Without it, the pages of nobody: what `wrangler.toml` says holds for deployments alone. */
export function readCorsOrigins(
	environment: Environment,
): Result<{ readonly CORS_ORIGINS: string }, Refusal> {
	const entries = (environment[NAME] ?? "").split(",").map((entry) => entry.trim());
	const origins = entries.filter((entry) => entry !== "");
	const wrong = origins.find((origin) => !isOrigin(origin));
	if (wrong === undefined) return ok({ CORS_ORIGINS: origins.join(",") });
	const expected = "must be origins like https://app.example.com, separated by commas, or *";
	return err(usageRefusal(`${NAME} ${expected}; got "${wrong}"`));
}

/** As a browser writes it (RFC 6454, 6.2), since it is compared as text; `null` is a file's. */
function isOrigin(text: string): boolean {
	if (text === "*" || text === "null") return true;
	if (text.includes("*") || !URL.canParse(text)) return false;
	const { protocol, host, origin } = new URL(text);
	// URLs of extensions have no origin to `URL`, but one to the browser that sends it.
	return text === (origin === "null" ? `${protocol}//${host}` : origin);
}
