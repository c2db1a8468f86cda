/** What the object of a Slack workspace can be asked, as types. Called by the edge and the senders. */

import type { Result } from "../../src/core/result.ts";
import type { QuietHours } from "../../src/core/slack/quiet-hours.ts";

export type SlackInstallation = {
	readonly tenant: string;
	/** Slack's id of the workspace. */
	readonly team: string;
	readonly name: string;
	readonly appId: string;
	readonly botUser: string;
	readonly scopes: string;
	/** The bot's token, sealed with the tenant's data key. */
	readonly sealedToken: string;
	/** Slack's id of the user who has installed the app. */
	readonly installedBy: string;
	/** Epoch ms. */
	readonly installedAt: number;
};

export type SlackPerson = {
	/** The zone that Slack named last; null before it has. */
	readonly zone: string | null;
	/** Epoch ms at which it did. */
	readonly zoneAt: number | null;
	/** The zone the person has asked for instead. */
	readonly ownZone: string | null;
	readonly quiet: QuietHours | null;
};

/** What a command, a button or a message needs to know: one call. */
export type SlackScene = { readonly installation: SlackInstallation; readonly person: SlackPerson };

export interface SlackWorkspaceRpc {
	/** Ties the workspace to a tenant, or renews the tie. Refused while it is tied to another. */
	install(
		installation: SlackInstallation,
	): Promise<Result<null, { readonly code: "tied_elsewhere" }>>;
	getInstallation(): Promise<SlackInstallation | null>;
	/** The installation and the person; null while there is no installation. */
	open(user: string | null): Promise<SlackScene | null>;
	/**
	 * Forgets everything. Answers what it was tied to, or null where nothing was removed.
	 * @param tenant only where it is tied to this one
	 * @param before only where it was installed before this instant (epoch ms)
	 */
	uninstall(tenant: string | null, before: number | null): Promise<SlackInstallation | null>;
	/** What is changed of a person; what is left out stays. Nothing without an installation. */
	putPerson(user: string, change: Partial<SlackPerson>): Promise<void>;
}
