/** `minoots mailbox`: what agents do by hand, and an agent of one line. */
import type { Command } from "commander";
import type { Mailbox } from "../../../sdk/src/types.ts";
import { confirm } from "../frame/confirm.ts";
import type { Context } from "../frame/context.ts";
import { countText } from "../frame/count-text.ts";
import { addExamples } from "../frame/examples.ts";
import { run } from "../frame/run.ts";
import { addListOptions, type ListOptions, showList } from "../frame/show-list.ts";
import { formatSpan } from "../frame/times.ts";
import { configureDead } from "../mailbox/dead-command.ts";
import { configureAck, configureExtend } from "../mailbox/lease-commands.ts";
import { configurePull, configureSend } from "../mailbox/message-commands.ts";
import { configureWatch } from "../mailbox/watch-command.ts";

export function configure(command: Command): void {
	command.helpCommand(false);
	configureList(command.command("list").summary("List mailboxes"));
	configureShow(command.command("show").summary("Show what a mailbox holds"));
	configureSend(command.command("send").summary("Put a message in"));
	configurePull(command.command("pull").summary("Lease messages"));
	configureAck(command.command("ack").summary("Say what became of leases"));
	configureExtend(command.command("extend").summary("Keep leases for longer"));
	configureWatch(command.command("watch").summary("Run a command for every message"));
	configureDead(command.command("dead").summary("Messages that were given up"));
	configureDelete(command.command("delete").summary("Remove a mailbox with all that is in it"));
	addExamples(
		command,
		`minoots mailbox send builds '{"ref":"main"}'`,
		"minoots mailbox pull builds --wait 30s",
		"minoots mailbox ack builds 1-1-30ab056ef0b84561 --result '{\"ok\":true}'",
		"minoots mailbox watch builds --exec ./build.sh --concurrency 4",
	);
}

function configureList(command: Command): void {
	addListOptions(command)
		.option("-q, --quiet", "print names only, one a line")
		.action(
			run(async (context, options: ListOptions) => {
				const { mailboxes } = await context.minoots();
				await showList(context, mailboxes.list({}, { signal: context.signal }), options, {
					head: ["name", "waiting", "leased", "delayed", "dead", "oldest"],
					row: ({ name, depth, leased, delayed, dead, oldestAgeMs }) => [
						name,
						depth,
						leased,
						delayed,
						dead,
						oldestAgeMs === null ? "" : formatSpan(oldestAgeMs),
					],
					idOf: ({ name }) => name,
					noun: "mailboxes",
				});
			}),
		);
}

function configureShow(command: Command): void {
	command.argument("<mailbox>", "name of the mailbox").action(
		run(async (context, name: string) => {
			const { mailboxes } = await context.minoots();
			const mailbox = await mailboxes.get(name, { signal: context.signal });
			if (context.out.isJson) context.out.json(mailbox);
			else showMailbox(context, mailbox);
		}),
	);
}

function showMailbox({ out }: Context, mailbox: Mailbox): void {
	const { depth, leased, delayed, dead, oldestAgeMs } = mailbox;
	out.fields([
		["name", out.style.bold(mailbox.name)],
		["waiting", depth],
		["leased", leased],
		["delayed", delayed],
		["dead", dead],
		["oldest", oldestAgeMs === null ? undefined : formatSpan(oldestAgeMs)],
		["created", out.time(mailbox.createdAt)],
	]);
}

function configureDelete(command: Command): void {
	command
		.argument("<mailbox>", "name of the mailbox")
		.option("-y, --yes", "do not ask")
		.action(
			run(async (context, name: string, { yes }: { readonly yes?: boolean }) => {
				const { mailboxes } = await context.minoots();
				await confirm(context, `Delete the mailbox ${name} with all that is in it?`, yes === true);
				const answer = await mailboxes.delete(name, { signal: context.signal });
				if (context.out.isJson) context.out.json(answer);
				else
					context.out.line(`deleted ${name} with ${countText(answer.deleted.messages, "message")}`);
			}),
		);
}
