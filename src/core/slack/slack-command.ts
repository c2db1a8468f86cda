/** What the text of a slash command means: what `command.ts` answers. */
import type { JsonObject } from "../../contract/json.ts";
import type { QuietHours } from "./quiet-hours.ts";

/** Members of a body of `POST /v1/timers`; the schema of that body judges them. */
export type SlackTimerInput = JsonObject;

export type SlackCommand =
	| { readonly kind: "help" }
	| { readonly kind: "list"; readonly page: number }
	/** `target` is an id or a name. */
	| { readonly kind: "cancel" | "done"; readonly target: string }
	| { readonly kind: "snooze"; readonly target: string; readonly byMs: number }
	/** `null` ends them. */
	| { readonly kind: "quiet"; readonly hours: QuietHours | null }
	| { readonly kind: "quiet_show" }
	/** `null` follows the zone that Slack knows. */
	| { readonly kind: "zone"; readonly zone: string | null }
	| {
			readonly kind: "create";
			readonly timer: SlackTimerInput;
			/** What the message says when it fires. */
			readonly text: string;
			readonly inChannel: boolean;
			/** What was decided where the words left it open, in sentences. */
			readonly told: readonly string[];
	  };
