#!/usr/bin/env node
/**
 * The program `minoots`. No logic: it has Node keep the compiled form of all that is loaded from
 * here on, which makes the start a third shorter, and hands over to `program.ts`, which the build
 * has put beside it. CommonJS once it is built, which Node starts 2 ms sooner than a module.
 */
import * as nodeModule from "node:module";
import type * as program from "./program.ts";

const { HOME, XDG_CACHE_HOME } = process.env;
const caches = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
// Not the default below the shared temporary folder: what lies there, others may have put there.
// Node before 22.1 has no such cache.
if (caches) nodeModule.enableCompileCache?.(`${caches}/minoots`);

const { runProgram }: typeof program = require("./chunks/program.cjs");
void runProgram(process.argv.slice(2));
