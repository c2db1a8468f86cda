/** Where a timer stands. Without zod, so that programs can carry the list alone. */
export const TIMER_STATUSES = [
	"scheduled",
	"armed",
	"firing",
	"settled",
	"failed",
	"cancelled",
	"paused",
	"pending",
	"skipped",
] as const;
