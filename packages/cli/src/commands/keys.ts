/** `minoots keys`: the API keys of a tenant; of another one with `--tenant` and the operator's key. */
import type { Command } from "commander";
import { SCOPES } from "../../../../src/contract/scopes.ts";
import type { Key, KeyCreated } from "../../../sdk/src/types.ts";
import { confirmIds } from "../frame/confirm.ts";
import type { Context } from "../frame/context.ts";
import { eachGone } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { collect, isDate, readChoice, readInstant } from "../frame/input.ts";
import { operatorClient } from "../frame/operator.ts";
import { readLength } from "../frame/read-lengths.ts";
import { run } from "../frame/run.ts";
import { addIdListOptions, type ListOptions, showList } from "../frame/show-list.ts";

export function configure(command: Command): void {
	command.helpCommand(false);
	configureList(command.command("list").summary("List keys, oldest first"));
	configureCreate(command.command("create").summary("Create a key, shown once"));
	configureDelete(command.command("delete").summary("Revoke keys"));
	addExamples(
		command,
		"minoots keys create ci --scope timer.write --scope timer.read --expires 90d",
		'minoots keys create builder --scope agent.pull --mailbox "build-*"',
		"minoots keys list",
	);
}

type Tenant = { readonly tenant?: string };

function configureList(command: Command): void {
	addIdListOptions(command)
		.option("--tenant <tenant>", "another tenant's, with the operator's key")
		.action(
			run(async (context, options: ListOptions & Tenant) => {
				const keys = await listKeys(context, options.tenant);
				await showList(context, fromArray(keys), options, {
					head: ["id", "name", "key", "scopes", "mailboxes", "expires"],
					row: ({ id, name, preview, scopes, mailboxes, expiresAt }) => [
						id,
						name,
						preview,
						scopes.length === SCOPES.length ? "all" : scopes.join(" "),
						mailboxes?.join(" "),
						expiresAt === null ? "never" : context.out.time(expiresAt),
					],
					idOf: ({ id }) => id,
					noun: "keys",
				});
			}),
		);
}

async function listKeys(context: Context, tenant: string | undefined): Promise<readonly Key[]> {
	const { signal } = context;
	if (tenant === undefined) return (await context.minoots()).keys.list({ signal });
	return (await operatorClient(context)).tenants.listKeys(tenant, { signal });
}

type CreateOptions = Tenant & {
	readonly scope?: readonly string[];
	readonly mailbox?: readonly string[];
	readonly expires?: string;
	readonly quiet?: boolean;
};

function configureCreate(command: Command): void {
	command
		.argument("<name>", "what it is for")
		.option("--scope <scope>", `${SCOPES.join(", ")}; may be repeated`, collect)
		.option("--mailbox <pattern>", "only these mailboxes: build-*; may be repeated", collect)
		.option("--expires <when>", "stops working after 90d, or at 2027-01-01")
		.option("--tenant <tenant>", "for another tenant, with the operator's key")
		.option("-q, --quiet", "print the key only")
		.action(
			run(async (context, name: string, options: CreateOptions) => {
				const created = await createKey(context, name, options);
				const { out } = context;
				if (out.isJson) return out.json(created);
				if (options.quiet) return out.line(created.apiKey);
				out.fields([
					["id", created.id],
					["name", created.name],
					["scopes", created.scopes.join(" ")],
					["mailboxes", created.mailboxes?.join(" ")],
					["expires", created.expiresAt === null ? "never" : out.time(created.expiresAt)],
					["key", out.style.bold(created.apiKey)],
				]);
				out.note("The key is shown this once.");
			}),
		);
	addExamples(
		command,
		"minoots keys create ci --scope timer.write",
		'export MINOOTS_API_KEY="$(minoots keys create agent --scope agent.pull --quiet)"',
	);
}

async function createKey(
	context: Context,
	name: string,
	{ scope = [], mailbox, expires, tenant }: CreateOptions,
): Promise<KeyCreated> {
	const named = scope.flatMap((text) => text.split(","));
	const scopes = named.flatMap((text) => readChoice("--scope", text, SCOPES) ?? []);
	if (scopes.length === 0) {
		throw usageFailure("--scope: expected one or more", `They are ${SCOPES.join(", ")}.`);
	}
	const input = {
		name,
		scopes,
		...(mailbox !== undefined && { mailboxes: [...mailbox] }),
		...(expires !== undefined && { expiresAt: readExpiry(expires) }),
	};
	const { signal } = context;
	if (tenant === undefined) return (await context.minoots()).keys.create(input, { signal });
	return (await operatorClient(context)).tenants.createKey(tenant, input, { signal });
}

function readExpiry(text: string): string {
	if (isDate(text)) return readInstant("--expires", text);
	return new Date(Date.now() + readLength("--expires", text)).toISOString();
}

function configureDelete(command: Command): void {
	command
		.argument("<id...>", "ids of keys, - for those on stdin")
		.option("-y, --yes", "do not ask")
		.action(
			run(async (context, named: readonly string[], { yes }: { readonly yes?: boolean }) => {
				const ids = await confirmIds(context, named, yes, (ids) => `Revoke ${ids.join(", ")}?`);
				const { keys } = await context.minoots();
				const { signal } = context;
				const remove = (id: string) => keys.delete(id, { signal });
				return eachGone(context, ids, remove, (id) => `revoked ${id}, everywhere within 5 s`);
			}),
		);
}

async function* fromArray<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
	yield* items;
}
