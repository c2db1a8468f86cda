/** The inputs and outputs that `action.yml` declares, under the same names. A test compares them. */

export const INPUT_NAMES = [
	"command",
	"api-base-url",
	"api-key",
	"tenant-id",
	"oidc-audience",
	"timeout-seconds",
	"continue-on-unavailable",
	"duration",
	"fire-at",
	"schedule",
	"timezone",
	"name",
	"webhook-url",
	"dispatch",
	"client-payload",
	"workflow",
	"ref",
	"workflow-inputs",
	"repository",
	"github-token",
	"action-bundle",
	"agent-binding",
	"metadata",
	"labels",
	"region",
	"requested-by",
	"dedupe-key",
	"dedupe-mode",
	"matrix",
	"timer-id",
	"wait-timeout-seconds",
	"reason",
] as const;
export type InputName = (typeof INPUT_NAMES)[number];

export const OUTPUT_NAMES = [
	"timer-id",
	"fire-at",
	"status",
	"created",
	"outcome",
	"region",
	"response-json",
] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];
