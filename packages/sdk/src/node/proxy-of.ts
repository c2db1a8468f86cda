/** Which proxy the environment names for a URL, as curl and its kin read it. Pure. */
import type { Environment } from "./environment.ts";

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * The proxy of `https_proxy` or `http_proxy` (or in upper case), by the URL's scheme; undefined where
 * there is none or `no_proxy` exempts the host.
 *
 * @throws {TypeError} when the variable holds no http(s) URL
 */
export function proxyOf(url: URL, env: Environment): URL | undefined {
	const name = url.protocol.replace(":", "_proxy");
	const text = env[name] || env[name.toUpperCase()];
	if (!text || isExempt(url, env["no_proxy"] || env["NO_PROXY"] || "")) return undefined;
	// As curl has it, a proxy without a scheme is spoken to in plain HTTP.
	const proxy = text.includes("://") ? text : `http://${text}`;
	if (/^https?:/i.test(proxy) && URL.canParse(proxy)) return new URL(proxy);
	throw new TypeError(`${name.toUpperCase()}: expected a URL like http://proxy.example.com:3128.`);
}

/** `example.com` exempts its subdomains too, `example.com:8443` one port alone, `*` everything. */
function isExempt(url: URL, list: string): boolean {
	const host = url.hostname.replace(/^\[|\]$/g, "");
	const port = url.port || DEFAULT_PORTS[url.protocol];
	return list.split(/[\s,]+/).some((entry) => {
		if (entry === "*") return true;
		const [, name = "", ofPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(readEntry(entry)) ?? [];
		if (name === "" || (ofPort !== undefined && ofPort !== port)) return false;
		return host === name || host.endsWith(`.${name}`);
	});
}

/** `.example.com` and `*.example.com` are `example.com`. */
function readEntry(entry: string): string {
	const name = entry.toLowerCase().replace(/^\*?\./, "");
	// An IPv6 address without brackets has colons, but no port.
	return name.includes("::") && !name.startsWith("[") ? `[${name}]` : name;
}
