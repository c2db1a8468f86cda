/**
 * What the reference shows beside a call: how it is made with curl, from TypeScript and from a
 * terminal. A test runs every one of them as a reader would (`test/packages/docs`), so each names
 * what must be there before.
 *
 * In all of them `$URL`, `$KEY` and `$ADMIN_KEY` are set; `minoots` and `operator` are clients with
 * the two keys. What a path's parameter is called in capitals (`$ID`, `$NAME`) is a constant in
 * TypeScript (`id`, `name`).
 */

/** What must be there for a sample to work; it sets the parameters of the path. */
export type Given =
	| "timer"
	| "recurring"
	| "paused"
	| "fired"
	| "soon"
	| "job"
	| "calendar"
	| "dead-letter"
	| "message"
	| "lease"
	| "dead-message"
	| "key"
	| "policy"
	| "github-job"
	| "workspace"
	| "file";

export type Sample = {
	readonly given?: Given;
	/** Made of the route's declaration unless given. */
	readonly curl?: string;
	/** What follows the path in the curl that is made: `?status=scheduled`. */
	readonly query?: string;
	readonly typescript: string;
	readonly cli: string;
};

/** By method and path, as the route declares them. */
export type Samples = Readonly<Record<string, Sample>>;
