/** Types `ctx.exports`, and the module that tests reach through `cloudflare:workers`. */
declare namespace Cloudflare {
	interface GlobalProps {
		mainModule: typeof import("./index.ts");
		durableNamespaces: "TenantShard" | "TenantRegistry" | "Directory" | "EventHub";
	}
}
