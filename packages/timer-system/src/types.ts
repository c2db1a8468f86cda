/**
 * What users of the module see: its calls, what they take and what they return. It imports nothing,
 * since the build makes the package's declarations from this file alone.
 */

/** `30s`, `5m`, `2h`, `1d` and all else that the network reads; a number is milliseconds. */
export type Duration = string | number;

export type Webhook =
	| string
	| {
			url: string;
			method?: string;
			headers?: Record<string, string>;
			body?: unknown;
			message?: string;
			data?: Record<string, unknown>;
			timeoutMs?: number;
	  };

export type OnExpire = {
	webhook?: Webhook;
	/** Handed to an agent of yours, which runs it: the network runs no commands. */
	command?: string | { command: string };
	/** Handed to an agent of yours as well. `${timestamp}` in it becomes the time of the firing. */
	file_write?: string | { file: string; content?: string };
	message?: string;
};

export type TimerConfig = {
	name?: string;
	duration?: Duration;
	agent_id?: string;
	team?: string;
	scenario?: unknown;
	events?: { on_expire?: OnExpire };
	metadata?: Record<string, unknown>;
	/** Timers that have to end first. */
	depends_on?: string | readonly string[];
	dependencies?: string | readonly string[];
	conditions?: unknown;
	context?: Record<string, unknown>;
	/** Anything else that `POST /v1/timers` of the network takes: `schedule`, `retry`, `labels`, … */
	[member: string]: unknown;
};

/** `running` until it is due; `error` when the network gave up on what it should do. */
export type TimerStatus =
	| "running"
	| "pending"
	| "paused"
	| "expired"
	| "cancelled"
	| "skipped"
	| "error";

export type Timer = {
	id: string;
	name: string;
	status: TimerStatus;
	agent_id: string;
	/** The same as `agent_id`, as the founding files had it. */
	agentId: string;
	team?: string;
	scenario?: unknown;
	/** Milliseconds, as are all times here but `createdAt`. */
	duration: number;
	/** null while the timer waits for others. */
	startTime: number | null;
	endTime: number | null;
	createdAt: string;
	timeRemaining: number;
	/** 0 to 1. */
	progress: number;
	events: { on_expire?: OnExpire };
	metadata: Record<string, unknown>;
	actualEndTime?: number;
};

export type Settings = {
	/** Of the network; else `MINOOTS_URL`, `MINOOTS_API_BASE`, or what runs in this folder. */
	url?: string;
	/** Else `MINOOTS_API_KEY`. */
	apiKey?: string;
	/** How long a call may take at most; 10,000 unless given. */
	timeoutMs?: number;
	/** The mailbox that gets commands and files; `timer-system` unless given. */
	mailbox?: string;
};

export type CreateOptions = {
	/** Creates with the same key make one timer. Each has its own unless given. */
	idempotencyKey?: string;
};

export type ListFilter = { status?: TimerStatus; team?: string; agent_id?: string; name?: string };

export type CleanupOptions = {
	/** Only those that have ended this long ago. */
	olderThan?: Duration;
	/** Counts and removes nothing. */
	dryRun?: boolean;
};
