/** Why an occurrence did not fire: what a `timer.skipped` event says. */
const SKIP_REASONS = [
	/** Nobody was there when it was due, and its policy does not fire it late. */
	"misfire",
	/** Missed with others, for all of which one fires. */
	"merged",
	/** The firing before it was still open. */
	"overlap",
	"conditions_not_met",
	/** What it depends on cannot end as it asks any more. */
	"dependency",
	/** Its calendar excludes the day by now. */
	"excluded",
	"concurrency",
	"deduplicated",
	"throttled",
	"debounced",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];
