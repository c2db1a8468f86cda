/** `@minoots/sdk` as a stranger has it: built, packed and installed into an empty folder. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../../..");

export type Installed = Disposable & {
	readonly folder: string;
	readonly write: (name: string, text: string) => string;
	/** What TypeScript says of the folder's files, "" when all is well. */
	readonly check: (options: object, ...files: readonly string[]) => string;
	/** What a program of the folder prints; throws with its output when it fails. */
	readonly run: (name: string, env?: Readonly<Record<string, string>>) => string;
};

export function install(): Installed {
	execFileSync(process.execPath, [join(ROOT, "scripts/build-packages.ts"), "sdk"]);
	const folder = mkdtempSync(join(tmpdir(), "minoots-sdk-"));
	const npm = (args: readonly string[], cwd: string) => execFileSync("npm", args, { cwd });
	npm(["pack", "--silent", "--pack-destination", folder], join(ROOT, "packages/sdk"));
	const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
	const write = (name: string, text: string) => {
		writeFileSync(join(folder, name), text);
		return join(folder, name);
	};
	write("package.json", JSON.stringify({ name: "stranger", private: true }));
	npm(["install", "--silent", "--offline", "--no-audit", "--no-fund", `./${tarball}`], folder);
	return {
		folder,
		write,
		check(options, ...files) {
			const strictest = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false };
			const compilerOptions = { ...strictest, noEmit: true, types: [], ...options };
			write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
			const tsc = join(ROOT, "node_modules/.bin/tsc");
			return spawnSync(tsc, ["-p", folder], { encoding: "utf8" }).stdout;
		},
		run(name, env = {}) {
			const args = [join(folder, name)];
			return execFileSync(process.execPath, args, { env: { ...process.env, ...env } }).toString();
		},
		[Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
	};
}
