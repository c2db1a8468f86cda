/** `minoots tenants`: made and changed with the operator's key, read by a tenant's admins too. */
import type { Command } from "commander";
import type { Tenant, TenantCreated, TenantPatch } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { readChoice, readCount } from "../frame/input.ts";
import { operatorClient } from "../frame/operator.ts";
import { readLength } from "../frame/read-lengths.ts";
import { run } from "../frame/run.ts";

const PLANS = ["free", "pro", "enterprise"] as const satisfies readonly Tenant["plan"][];
const REGIONS = [
	"wnam",
	"enam",
	"sam",
	"weur",
	"eeur",
	"apac",
	"oc",
	"afr",
	"me",
] as const satisfies readonly NonNullable<Tenant["region"]>[];

export function configure(command: Command): void {
	command.helpCommand(false);
	configureCreate(command.command("create").summary("Create a tenant; its keys are shown once"));
	configureGet(command.command("get").summary("Show a tenant"));
	configureUpdate(command.command("update").summary("Change a tenant"));
	addExamples(
		command,
		"minoots tenants create acme --plan pro",
		"minoots tenants update acme --shards 4",
		"MINOOTS_ADMIN_KEY=… minoots tenants get acme",
	);
}

type Options = { readonly name?: string; readonly plan?: string; readonly region?: string };

function addTenantOptions(command: Command): Command {
	return command
		.argument("<tenant>", "id of the tenant: a-z, 0-9 and -")
		.option("--name <name>", "for people")
		.option("--plan <plan>", PLANS.join(", "))
		.option("--region <region>", `where its shards are put: ${REGIONS.join(", ")}`);
}

function readOptions({ name, plan, region }: Options) {
	return {
		...(name !== undefined && { name }),
		...(plan !== undefined && { plan: readChoice("--plan", plan, PLANS) }),
		...(region !== undefined && { region: readChoice("--region", region, REGIONS) }),
	};
}

function configureCreate(command: Command): void {
	addTenantOptions(command).action(
		run(async (context, id: string, options: Options) => {
			const { tenants } = await operatorClient(context);
			const created = await tenants.create(
				{ id, ...readOptions(options) },
				{ signal: context.signal },
			);
			showTenant(context, created);
			context.out.note("The key and the secret are shown this once.");
		}),
	);
}

function configureGet(command: Command): void {
	command.argument("<tenant>", "id of the tenant").action(
		run(async (context, id: string) => {
			const { tenants } = await operatorClient(context);
			showTenant(context, await tenants.get(id, { signal: context.signal }));
		}),
	);
}

type UpdateOptions = Options & { readonly shards?: string; readonly compensate?: string };

function configureUpdate(command: Command): void {
	addTenantOptions(command)
		.option("--shards <n>", "twice as many as now, up to 64")
		.option("--compensate <duration>", "wake shards earlier by what they are late, up to this")
		.action(
			run(async (context, id: string, options: UpdateOptions) => {
				const { shards, compensate } = options;
				const patch: TenantPatch = {
					...readOptions(options),
					...(shards !== undefined && { shards: readCount("--shards", shards) }),
					...(compensate !== undefined && {
						jitterPolicy: { maxCompensationMs: readLength("--compensate", compensate) },
					}),
				};
				if (Object.keys(patch).length === 0) throw usageFailure("nothing to change was given");
				const { tenants } = await operatorClient(context);
				showTenant(context, await tenants.update(id, patch, { signal: context.signal }));
			}),
		);
	addExamples(
		command,
		"minoots tenants update acme --plan enterprise",
		"minoots tenants update acme --shards 2",
	);
}

function showTenant({ out }: Context, tenant: Tenant | TenantCreated): void {
	if (out.isJson) {
		out.json(tenant);
		return;
	}
	const { shards, effectiveAt, jitterPolicy } = tenant;
	out.fields([
		["id", out.style.bold(tenant.id)],
		["name", tenant.name],
		["plan", tenant.plan],
		["shards", effectiveAt === null ? shards : `${shards}, used from ${out.time(effectiveAt)}`],
		["region", tenant.region],
		["compensated", `up to ${jitterPolicy.maxCompensationMs} ms`],
		["created", out.time(tenant.createdAt)],
		...("apiKey" in tenant
			? ([
					["key", out.style.bold(tenant.apiKey)],
					["webhook secret", out.style.bold(tenant.webhookSecret)],
				] as const)
			: []),
	]);
}
