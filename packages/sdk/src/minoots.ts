/** The client: one object with a member for each kind of thing that the network has. */
import type { CallOptions, MinootsOptions, RequestOptions } from "./options.ts";
import { Calendars } from "./resources/calendars.ts";
import { Clock } from "./resources/clock.ts";
import { DeadLetters } from "./resources/dead-letters.ts";
import { Events } from "./resources/events.ts";
import { Jobs } from "./resources/jobs.ts";
import { Keys } from "./resources/keys.ts";
import { Mailboxes } from "./resources/mailboxes.ts";
import { OidcPolicies } from "./resources/oidc-policies.ts";
import { Slack } from "./resources/slack.ts";
import { Templates } from "./resources/templates.ts";
import { Tenants } from "./resources/tenants.ts";
import { Timers } from "./resources/timers.ts";
import { Tokens } from "./resources/tokens.ts";
import { Usage } from "./resources/usage.ts";
import { WebhookSecret } from "./resources/webhook-secret.ts";
import { Transport } from "./transport.ts";
import type { Health, Pricing, Timer } from "./types.ts";
import type { WaitForOptions } from "./wait-for.ts";

export class Minoots {
	readonly timers: Timers;
	readonly deadLetters: DeadLetters;
	readonly mailboxes: Mailboxes;
	readonly events: Events;
	readonly calendars: Calendars;
	readonly templates: Templates;
	readonly jobs: Jobs;
	readonly keys: Keys;
	readonly webhookSecret: WebhookSecret;
	readonly oidcPolicies: OidcPolicies;
	readonly tokens: Tokens;
	readonly tenants: Tenants;
	readonly usage: Usage;
	readonly slack: Slack;
	/** The tenant's time; only on a local runtime. */
	readonly clock: Clock;
	readonly #transport: Transport;

	constructor(options: MinootsOptions) {
		const transport = new Transport(options);
		this.#transport = transport;
		this.timers = new Timers(transport);
		this.deadLetters = new DeadLetters(transport);
		this.mailboxes = new Mailboxes(transport);
		this.events = new Events(transport);
		this.calendars = new Calendars(transport);
		this.templates = new Templates(transport);
		this.jobs = new Jobs(transport);
		this.keys = new Keys(transport);
		this.webhookSecret = new WebhookSecret(transport);
		this.oidcPolicies = new OidcPolicies(transport);
		this.tokens = new Tokens(transport);
		this.tenants = new Tenants(transport);
		this.usage = new Usage(transport);
		this.slack = new Slack(transport);
		this.clock = new Clock(transport);
	}

	/**
	 * Any call of the API, with this client's key, retries and errors: JSON, or else text.
	 *
	 * @param path from the root, e.g. `/v1/timers`
	 */
	request(method: string, path: string, options?: RequestOptions): Promise<unknown> {
		return this.#transport.any(method, path, options);
	}

	/** Waits until a timer has ended, however long that takes. */
	waitFor(id: string, options?: WaitForOptions): Promise<Timer> {
		return this.timers.waitFor(id, options);
	}

	pricing(options?: CallOptions): Promise<Pricing> {
		return this.#transport.call("GET", "/v1/pricing", options);
	}

	/** Whether the network answers. */
	health(options?: CallOptions): Promise<Health> {
		return this.#transport.call("GET", "/healthz", options);
	}

	/** Whether it can store timers. */
	ready(options?: CallOptions): Promise<Health> {
		return this.#transport.call("GET", "/readyz", options);
	}
}
