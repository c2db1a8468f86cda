/** Where an action or a delivery goes, in a few words. Used by the commands that show either. */

type Target =
	| { readonly type: "webhook"; readonly url: string }
	| { readonly type: "agent"; readonly mailbox: string }
	| {
			readonly type: "repository_dispatch";
			readonly repository: string;
			readonly eventType: string;
	  }
	| {
			readonly type: "workflow_dispatch";
			readonly repository: string;
			readonly workflow: string;
			readonly ref: string;
	  }
	| { readonly type: "slack_message"; readonly team: string; readonly channel: string };

export function targetText(target: Target): string {
	switch (target.type) {
		case "webhook":
			return target.url;
		case "agent":
			return `mailbox ${target.mailbox}`;
		case "repository_dispatch":
			return `${target.eventType} to ${target.repository}`;
		case "workflow_dispatch":
			return `${target.workflow} of ${target.repository} on ${target.ref}`;
		case "slack_message":
			return `${target.channel} of ${target.team} in Slack`;
	}
}
