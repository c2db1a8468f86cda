/** What the module exports, for the package's declarations: the build puts it behind `types.ts`. */
import type {
	CleanupOptions,
	CreateOptions,
	ListFilter,
	Settings,
	Timer,
	TimerConfig,
} from "./types.ts";

export declare function configure(settings: Settings): void;
export declare function create(config: TimerConfig, options?: CreateOptions): Timer;
export declare function get(id: string): Timer | null;
export declare function list(filter?: ListFilter): Timer[];
export declare function logs(id: string): string;
export declare function cancel(id: string): boolean;
export declare function cleanup(options?: CleanupOptions): number;
export declare function share(id?: string, options?: unknown): never;

export declare class IndependentTimer {
	createTimer(config: TimerConfig): Timer;
	listTimers(): Timer[];
	getTimer(id: string): Timer | null;
	getTimerLogs(id: string): string;
	cancelTimer(id: string): boolean;
	cleanup(): number;
}

export declare class MinootsError extends Error {
	readonly name: "MinootsError";
	readonly code: string;
	/** HTTP status; 0 when there was no answer. */
	readonly status: number;
	readonly requestId: string | undefined;
	readonly errors: readonly { readonly path: string; readonly message: string }[];
	readonly idempotencyKey: string | undefined;
}
