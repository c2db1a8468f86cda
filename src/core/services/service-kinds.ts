/**
 * The kinds of actions that speak to a service, by type. A new one is a row here, one in
 * `src/queue/services/services.ts`, its shapes in `src/contract/service-action.ts`, and its document
 * in `timer-doc.ts`.
 */
import type { ServiceDoc } from "../timer-doc.ts";
import { REPOSITORY_DISPATCH_KIND, WORKFLOW_DISPATCH_KIND } from "./github-kinds.ts";
import type { ServiceDocOf, ServiceKind, ServiceType } from "./service-kind.ts";
import { SLACK_MESSAGE_KIND } from "./slack-kind.ts";

const SERVICE_KINDS: { readonly [Type in ServiceType]: ServiceKind<ServiceDocOf<Type>> } = {
	repository_dispatch: REPOSITORY_DISPATCH_KIND,
	workflow_dispatch: WORKFLOW_DISPATCH_KIND,
	slack_message: SLACK_MESSAGE_KIND,
};

/** The kind of an action; it takes that action and others of its type. */
export function kindOf<Doc extends ServiceDoc>(action: Doc): ServiceKind<Doc> {
	// By its type, the row is that of the document: the compiler does not follow the correlation.
	return SERVICE_KINDS[action.type] as unknown as ServiceKind<Doc>;
}
