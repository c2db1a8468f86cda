/** The one thing the baseline imports of the runtime; bench/ is typed for Node. */
declare module "cloudflare:workers" {
	export abstract class DurableObject<Env> {
		constructor(ctx: object, env: Env);
	}
}
