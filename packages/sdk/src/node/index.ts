/** What `@minoots/sdk/node` exports: what a program on a machine reads from where it runs. */
export { type Access, type Environment, readEnvironment } from "./environment.ts";
export { environmentFetch } from "./environment-fetch.ts";
export { fromEnvironment } from "./from-environment.ts";
