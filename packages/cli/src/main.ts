#!/usr/bin/env node
/**
 * The program `minoots`. No logic: it has Node keep the compiled form of all that is loaded from
 * here on, which halves the start, and hands over. It is what `dist/minoots.mjs` begins with.
 */
import * as nodeModule from "node:module";
import { join } from "node:path";

const { HOME, XDG_CACHE_HOME } = process.env;
const caches = XDG_CACHE_HOME ?? (HOME === undefined ? undefined : join(HOME, ".cache"));
// Not the default below the shared temporary folder: what lies there, others may have put there.
// Node before 22.1 has no such cache.
if (caches !== undefined) nodeModule.enableCompileCache?.(join(caches, "minoots"));

const { runProgram } = await import("./program.ts");
await runProgram(process.argv.slice(2));
