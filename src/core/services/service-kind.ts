/**
 * What the core knows of a kind of action that speaks to a service: what of it is a template, what
 * is wrong with it, and where it goes. How it is sent, and what the service's answers mean, is in
 * `src/queue/services/`. Only types.
 */
import type { FieldError } from "../../contract/error.ts";
import type { ServiceDoc } from "../timer-doc.ts";

export type ServiceType = ServiceDoc["type"];
export type ServiceDocOf<Type extends ServiceType> = Extract<ServiceDoc, { readonly type: Type }>;

export type ServiceKind<Doc extends ServiceDoc> = {
	/** Members whose templates are resolved at every attempt. */
	readonly templated: readonly (keyof Doc & string)[];
	/**
	 * What is wrong with it, by paths below the action. Asked when it is written, and again when its
	 * templates are resolved.
	 */
	flawsOf(action: Doc): readonly FieldError[];
	/** What is called: judged as the url of a webhook is, when it is written and before every send. */
	urlOf(action: Doc): string;
	/** What it is shown with besides what its author wrote: defaults, and never the token. */
	shownOf(action: Doc): object;
	/** What its deliveries say of where they go. */
	targetOf(action: Doc): object;
};
