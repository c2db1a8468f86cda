/** The runtimes of this machine besides the one of the tests: brought by npm or installed on it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT } from "../installed.ts";

const MODULES = join(ROOT, "node_modules");
const ON_PATH = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");

/** `DENO` names another one. */
export function findDeno(): string | undefined {
	const places = [MODULES, ...ON_PATH].map((folder) =>
		join(folder, folder === MODULES ? ".bin/deno" : "deno"),
	);
	return [process.env["DENO"] ?? "", ...places].find((place) => existsSync(place));
}

export type Node = { readonly version: string; readonly path: string };

/** One of each version, oldest first; `NODES` names more, separated as in `PATH`. */
export function findNodes(): readonly Node[] {
	const named = (process.env["NODES"] ?? "").split(delimiter);
	const brought = ["node-18", "node-22"].map((name) => join(MODULES, name, "bin/node"));
	const installed = ON_PATH.map((folder) => join(folder, "node"));
	const paths = [process.execPath, ...named, ...brought, ...installed].filter(existsSync);
	const nodes = paths.map((path) => ({ version: versionOf(path), path }));
	return [...new Map(nodes.map((node) => [node.version, node])).values()].toSorted((a, b) =>
		a.version.localeCompare(b.version, "en", { numeric: true }),
	);
}

function versionOf(path: string): string {
	return execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
}
