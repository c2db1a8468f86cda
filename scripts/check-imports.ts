/**
 * Holds the direction of imports: contract ← core ← store ← durable-objects ← src/http, src/queue,
 * and packages on the contract alone. Prints how long the files are. Part of `npm run check`.
 */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fromRoot, projectFiles } from "./project-files.ts";

/** What the files of one part may import: paths from the root, and packages by name. */
type Layer = {
	readonly name: string;
	readonly files: RegExp;
	readonly may: readonly RegExp[];
};

const CONTRACT = /^src\/contract\//;
const CORE = /^src\/core\//;
const OBJECTS = /^durable-objects\//;
/** The platform, named where bindings and base classes come from. */
const PLATFORM = /^cloudflare:/;
/** Hashes, native in workerd and in Node, and pure. */
const HASHES = /^(@noble\/hashes\/|node:crypto$)/;
/** Readers of formats and languages that are not ours, and the types of one; pure. */
const LANGUAGES = /^(@jmespath-community\/jmespath|ical\.js|chrono-node\/en|@slack\/types)$/;
/** What the edge and the senders share beside the core: settings, keys, and how one calls out. */
const ENV =
	/^src\/((env|outbound-policy|derived-keys|tenant-keys|action-secrets|mailboxes|slack-api)\.ts$|outbound\/)/;

/** The first layer that a file belongs to counts. */
const LAYERS: readonly Layer[] = [
	{ name: "contract", files: CONTRACT, may: [CONTRACT, /^zod$/] },
	{
		name: "core",
		files: CORE,
		may: [CORE, CONTRACT, HASHES, LANGUAGES, /^zod$/],
	},
	{
		name: "store",
		files: /^durable-objects\/[^/]+\/(store|rows|[^/]+-statements|statements\/[^/]+)\.ts$/,
		may: [
			CONTRACT,
			CORE,
			/^durable-objects\/(shared|[^/]+\/(constants|rows|rpc|schemas|migrations\/.*|[^/]+-statements\.ts|statements\/.*))/,
		],
	},
	{
		name: "endpoint-health",
		files: /^durable-objects\/endpoint-health\//,
		may: [CORE, OBJECTS, ENV, PLATFORM, /^itty-durable$/],
	},
	{ name: "durable-objects", files: OBJECTS, may: [CONTRACT, CORE, OBJECTS, ENV, PLATFORM] },
	{ name: "src/outbound", files: /^src\/outbound\//, may: [CONTRACT, CORE, ENV, /^zod$/] },
	{
		name: "src/http",
		files: /^src\/http\//,
		may: [
			CONTRACT,
			CORE,
			OBJECTS,
			ENV,
			HASHES,
			/^src\/http\//,
			/^src\/(each-at-most|wake-(shards|mailboxes))\.ts$/,
			/^(zod|hono|jose|redoc\/bundles\/.+)$/,
		],
	},
	{
		name: "src/queue",
		files: /^src\/queue\//,
		may: [CONTRACT, CORE, OBJECTS, ENV, HASHES, PLATFORM, /^src\/queue\//, /^zod$/],
	},
	{
		name: "packages",
		files: /^packages\//,
		may: [CONTRACT, /^packages\//, /^(?!src\/|durable-objects\/|runtime\/|scripts\/)/],
	},
];

/** What stands after `from`, or alone behind `import`, or in `import(…)`. */
const SPECIFIER = /\b(?:from\s+|import\s+|import\()["']([^"'\s]+)["']/g;

const files = projectFiles("src/**/*.ts", "durable-objects/**/*.ts", "packages/*/**/*.ts");
const complaints = files.flatMap((file) => {
	const layer = LAYERS.find((one) => one.files.test(file));
	if (layer === undefined) return [];
	return importsOf(file)
		.filter((target) => !layer.may.some((allowed) => allowed.test(target)))
		.map((target) => `${file} (${layer.name}) may not import ${target}`);
});
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;

const lengths = [...files, ...projectFiles("runtime/**/*.ts", "scripts/*.ts")]
	.map((file) => ({ file, lines: read(file).split("\n").length - 1 }))
	.sort((a, b) => a.lines - b.lines);
console.log(
	`${lengths.length} files of ${linesAt(0.5)} lines (median), ${linesAt(0.9)} (p90), ${linesAt(1)} (longest: ${lengths.at(-1)?.file})`,
);

function importsOf(file: string): readonly string[] {
	return [...read(file).matchAll(SPECIFIER)].map(([, specifier = ""]) =>
		specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : specifier,
	);
}

function linesAt(share: number): number {
	return lengths[Math.ceil(share * lengths.length) - 1]?.lines ?? 0;
}

function read(path: string): string {
	return readFileSync(fromRoot(path), "utf8");
}
