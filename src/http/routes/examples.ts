/** Examples that the reference shows. A test runs each through the schema it stands beside. */

export const TENANT_EXAMPLE = {
	id: "acme",
	name: "Acme",
	plan: "pro",
	shards: 1,
	effectiveAt: null,
	region: null,
	jitterPolicy: { maxCompensationMs: 0, smoothingFactor: 0.2 },
	createdAt: "2026-12-01T09:00:00.000Z",
} as const;

const API_KEY_EXAMPLE = "mnt_acme_…";
const WEBHOOK_SECRET_EXAMPLE = "whsec_…";

export const TENANT_CREATED_EXAMPLE = {
	...TENANT_EXAMPLE,
	apiKey: API_KEY_EXAMPLE,
	webhookSecret: WEBHOOK_SECRET_EXAMPLE,
} as const;

export const KEY_CREATE_EXAMPLE = { name: "ci", scopes: ["timer.manage"] } as const;

export const KEY_EXAMPLE = {
	id: "key_01j9zr5w8x2k",
	name: "ci",
	preview: "mnt_acme_7h2…",
	scopes: ["timer.manage"],
	mailboxes: null,
	createdAt: "2026-12-01T09:00:00.000Z",
	expiresAt: null,
} as const;

export const KEY_CREATED_EXAMPLE = { ...KEY_EXAMPLE, apiKey: API_KEY_EXAMPLE } as const;

export const KEY_HOLDER_EXAMPLE = {
	kind: "tenant",
	tenant: "acme",
	plan: "pro",
	keyId: KEY_EXAMPLE.id,
	scopes: KEY_EXAMPLE.scopes,
	mailboxes: null,
	expiresAt: null,
} as const;

export const SECRET_ROTATED_EXAMPLE = {
	webhookSecret: WEBHOOK_SECRET_EXAMPLE,
	previousSignsUntil: "2026-12-02T09:00:00.000Z",
} as const;

export const USAGE_EXAMPLE = {
	plan: "pro",
	activeTimers: { used: 1_204, limit: 10_000 },
	createsThisMinute: { used: 37, limit: 20_000 },
	shards: 1,
} as const;

export const LATENESS_EXAMPLE = {
	total: {
		since: "2026-12-01T09:00:00.000Z",
		histograms: [
			{
				hop: "due_to_claimed",
				class: "medium",
				count: 4,
				sumMs: 31,
				p50Ms: 3,
				p90Ms: 22,
				p99Ms: 22,
				maxMs: 22,
				buckets: [
					{ upToMs: 3, count: 3 },
					{ upToMs: 23, count: 1 },
				],
			},
		],
	},
	lastHour: { since: "2026-12-01T11:35:00.000Z", histograms: [] },
} as const;
