/** The type of `env` from `cloudflare:workers` in these tests: the Worker's own. */
declare namespace Cloudflare {
	interface Env extends Readonly<import("../../src/env.ts").Env> {}
}
