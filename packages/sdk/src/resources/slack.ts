/** `/v1/slack`: the Slack workspaces that are tied to a tenant. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { Listed, SlackInstallation, SlackInstallStart } from "../types.ts";

const PATH = "/v1/slack/installations";

export class Slack {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** A link for a person who may install apps in the workspace, good for 15 minutes. */
	connect(options?: CallOptions): Promise<SlackInstallStart> {
		return this.#transport.call("POST", PATH, options);
	}

	/** All of them; a tenant has few. */
	async list(options?: CallOptions): Promise<readonly SlackInstallation[]> {
		const { items } = await this.#transport.call<Listed<SlackInstallation>>("GET", PATH, options);
		return items;
	}

	/** Ends the bot's token, and cancels the timers that were asked for there. */
	disconnect(team: string, options?: CallOptions): Promise<void> {
		return this.#transport.call("DELETE", `${PATH}/${encodeURIComponent(team)}`, options);
	}
}
