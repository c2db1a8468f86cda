/** What a key may be for. Without zod, so that programs can carry the list alone. */
export const SCOPES = [
	"timer.read",
	"timer.write",
	"timer.cancel",
	"timer.manage",
	"agent.pull",
	"agent.manage",
	"workflow.read",
	"workflow.write",
	"run.write",
	"approval.decide",
	"event.publish",
	"tenant.admin",
] as const;
