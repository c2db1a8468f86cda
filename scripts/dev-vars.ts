/**
 * Makes `.dev.vars`, from which `wrangler dev` takes the secrets that a deployment has set, and says
 * how to get a tenant with them. Part of `npm run dev`; leaves an existing file alone. The local
 * runtime (`npm start`) has nothing to do with it.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFileAtomically } from "../runtime/files.ts";
import { createSecrets } from "../runtime/secrets.ts";

const PATH = join(dirname(dirname(fileURLToPath(import.meta.url))), ".dev.vars");
/** Where wrangler listens unless told otherwise. */
const DEV_URL = "http://localhost:8787";

if (!existsSync(PATH)) {
	const secrets = createSecrets();
	// As on one machine: receivers may be on it too, and Miniflare runs one queue batch at a time.
	const settings = { ...secrets, RUNTIME: "local", ALLOW_LOOPBACK: "true", DEV_CLOCK: "on" };
	const lines = Object.entries(settings).map(([name, value]) => `${name}="${value}"\n`);
	await writeFileAtomically(PATH, lines.join(""));
	console.log(`Made .dev.vars with new keys. When wrangler is ready, make a tenant:
  curl ${DEV_URL}/v1/tenants -H "Authorization: Bearer ${secrets.MINOOTS_ADMIN_KEY}" -d '{"id":"dev"}'
`);
}
