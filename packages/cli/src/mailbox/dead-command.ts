/** `minoots mailbox dead`: messages put in by hand that were given up, listed, put back, removed. */
import type { Command } from "commander";
import { eachId } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { run } from "../frame/run.ts";
import { addIdListOptions, type ListOptions, showList } from "../frame/show-list.ts";

type Options = ListOptions & { readonly replay?: boolean; readonly delete?: boolean };

export function configureDead(command: Command): void {
	addIdListOptions(command)
		.argument("<mailbox>", "name of the mailbox")
		.argument("[id...]", "ids of messages, with --replay or --delete")
		.option("--replay", "put these back, with a fresh count of attempts")
		.option("--delete", "remove these")
		.action(
			run(async (context, mailbox: string, ids: readonly string[], options: Options) => {
				const { replay, delete: remove } = options;
				if ((replay === true) === (remove === true) && ids.length > 0) {
					throw usageFailure("ids are given: expected --replay or --delete");
				}
				const { deadMessages } = (await context.minoots()).mailboxes;
				const { out, signal } = context;
				if (replay || remove) {
					const done = replay ? "put back" : "deleted";
					const settle = (id: string) =>
						replay
							? deadMessages.replay(mailbox, id, { signal })
							: deadMessages.delete(mailbox, id, { signal });
					return eachId(
						context,
						ids,
						async (id) => (await settle(id)) ?? { id, deleted: true },
						(_answer, id) => out.line(`${done} ${id}`),
					);
				}
				await showList(context, deadMessages.list(mailbox, {}, { signal }), options, {
					head: ["id", "reason", "attempts", "given up", "body"],
					row: ({ id, reason, attempts, deadAt, body }) => [
						id,
						reason,
						attempts,
						out.time(deadAt),
						JSON.stringify(body),
					],
					idOf: ({ id }) => id,
					noun: "dead messages",
				});
				return undefined;
			}),
		);
	addExamples(
		command,
		"minoots mailbox dead builds",
		"minoots mailbox dead builds --quiet | minoots mailbox dead builds - --replay",
	);
}
