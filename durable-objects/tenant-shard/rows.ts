/** The rows of a shard's tables as its statements read them. What each column holds: migrations/. */

export type TimerRow = {
	id: number;
	lane: number;
	due: number | null;
	fire_at: number;
	created_at: number;
	state: number;
	flags: number;
	version: number;
	doc: string;
	trail: string;
	firing: number;
	last_firing: number;
	nominal: number | null;
	remaining: number | null;
	fired: number;
	parent: number | null;
};

export type ClaimRow = {
	id: number;
	due: number;
	epoch: string;
	claimed_at: number;
	lane: number;
	chunk: number | null;
	deliveries: string;
	ahead_ms: number;
};

export type DeliveryRow = {
	timer: number;
	firing: number;
	action: number;
	state: number;
	due: number | null;
	attempts: number;
	settled_at: number | null;
	history: string;
};

export type ChunkRow = { seq: number; at: number; body: string };

export type UniqueKeyRow = {
	key: string;
	timer: number | null;
	body_hash: string | null;
	answer: string | null;
	expires_at: number | null;
};

export type CounterRow = {
	next_timer: number;
	last_created_at: number;
	active: number;
	granted: number;
	minute: number;
	creates: number;
};

export type JobRow = {
	id: number;
	body: string;
	position: number;
	done: number;
	processed: number;
	changed: number;
};

export type ShardRow = { tenant: string; shard: number; config: string; watched: number };

/** What claiming needs of a due timer. */
export type DueRow = Pick<
	TimerRow,
	"id" | "due" | "fire_at" | "state" | "flags" | "doc" | "firing" | "nominal" | "parent"
>;
