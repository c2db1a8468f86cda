/** What `@minoots/sdk` exports. No logic here. */
export {};
