/** How each kind of action that speaks to a service is sent. The other half of `service-kinds.ts`. */
import type { ServiceDocOf, ServiceType } from "../../core/services/service-kind.ts";
import type { ServiceDoc } from "../../core/timer-doc.ts";
import { REPOSITORY_DISPATCH_SERVICE, WORKFLOW_DISPATCH_SERVICE } from "./github.ts";
import type { Service } from "./service.ts";
import { SLACK_MESSAGE_SERVICE } from "./slack.ts";

const SERVICES: { readonly [Type in ServiceType]: Service<ServiceDocOf<Type>> } = {
	repository_dispatch: REPOSITORY_DISPATCH_SERVICE,
	workflow_dispatch: WORKFLOW_DISPATCH_SERVICE,
	slack_message: SLACK_MESSAGE_SERVICE,
};

/** The service of an action; it takes that action and others of its type. */
export function serviceOf<Doc extends ServiceDoc>(action: Doc): Service<Doc> {
	// By its type, the row is that of the document: the compiler does not follow the correlation.
	return SERVICES[action.type] as unknown as Service<Doc>;
}
