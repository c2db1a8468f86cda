/**
 * Taking back messages whose deliveries were cancelled. Mailboxes are asked after the commit, once
 * each for all that a transaction gave up; one that cannot be reached keeps its messages, and what
 * an agent then makes of them changes nothing but a record.
 */
import { parseTimerDoc, requireAction } from "../../../src/core/timer-doc.ts";
import { deliveryStateCode } from "../../../src/core/timer-state.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { mailboxOf } from "../../shared/object-names.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";

const ACCEPTED = deliveryStateCode("accepted");

/** Of `deliveries`, those that a mailbox holds. */
export function acceptedOf(deliveries: readonly DeliveryRow[]): readonly DeliveryRow[] {
	return deliveries.filter(({ state }) => state === ACCEPTED);
}

/** Withdraws the messages of `deliveries`, all of the timer `row`, once `tx` has committed. */
export function withdraw(
	shard: Shard,
	tx: Transaction,
	row: Pick<TimerRow, "doc">,
	deliveries: readonly Pick<DeliveryRow, "timer" | "firing" | "action">[],
): void {
	if (deliveries.length === 0) return;
	const doc = parseTimerDoc(row.doc);
	for (const { timer, firing, action } of deliveries) {
		const stored = requireAction(doc, action);
		if (stored.type !== "agent") continue;
		const { tenant, shard: home } = shard.identity;
		const id = idSpaceOf(shard.env, tenant).delivery({ shard: home, seq: timer, firing, action });
		tx.onCommit(() => shard.withdrawals.add(stored.mailbox, id));
	}
}

/** What is to be withdrawn, gathered until the commit's effects are through. */
export class Withdrawals {
	readonly #shard: Shard;
	#ids = new Map<string, string[]>();

	constructor(shard: Shard) {
		this.#shard = shard;
	}

	add(mailbox: string, id: string): void {
		if (this.#ids.size === 0) this.#shard.background(Promise.resolve().then(() => this.#tell()));
		const ids = this.#ids.get(mailbox) ?? [];
		ids.push(id);
		this.#ids.set(mailbox, ids);
	}

	async #tell(): Promise<void> {
		const { env, identity } = this.#shard;
		const taken = [...this.#ids];
		this.#ids = new Map();
		await Promise.all(
			taken.map(async ([mailbox, ids]) => {
				try {
					await mailboxOf(env, identity.tenant, mailbox).withdraw(ids);
				} catch (error) {
					this.#shard.log({ kind: "withdraw_failed", mailbox, error: String(error) });
				}
			}),
		);
	}
}
