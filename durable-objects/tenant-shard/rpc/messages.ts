/** What the shards of a tenant tell each other. Part of the boundary in rpc.ts. */
import type { DependencyCondition } from "../../../src/contract/dependency.ts";
import type { Address } from "../../../src/core/public-id.ts";
import type { TopicEvent } from "../../../src/core/topic-event.ts";
import type { Ended } from "../chain/dependents.ts";
import type { EndOfDependency } from "../chain/waiting.ts";
import type { Claimant } from "../concurrency/concurrency-places.ts";
import type { ShardCall } from "./call.ts";

/** What one shard of a tenant tells another, or leaves to itself for later. It may come twice. */
export type ShardMessage =
	/** A timer of the sender waits for one of the receiver. */
	| {
			readonly kind: "depend";
			readonly dependency: number;
			readonly dependent: Address;
			readonly on: DependencyCondition;
	  }
	/** A timer of the sender, for which one of the receiver waits, has ended. */
	| ({ readonly kind: "ended" } & EndOfDependency)
	/** More dependents than one transaction tells are to be told. */
	| ({ readonly kind: "tell" } & Ended)
	/** An event has been published; the timers up to `after` have been told. */
	| { readonly kind: "event"; readonly event: TopicEvent; readonly after: number }
	/** A firing of the sender wants a concurrency key whose home is the receiver. */
	| ({ readonly kind: "queue"; readonly key: string } & Claimant)
	/** It has left the queue, at `place` where it was told of one. */
	| ({ readonly kind: "leave"; readonly key: string; readonly place: number | null } & Claimant)
	/** From the home: a firing of the receiver has this place, and with the first one the key. */
	| {
			readonly kind: "place";
			readonly key: string;
			readonly row: number;
			readonly firing: number;
			readonly place: number;
			readonly granted: boolean;
	  };

export interface MessageCalls {
	/** From the outbox of another shard: what to answer to each message. */
	receive(
		call: ShardCall,
		messages: readonly ShardMessage[],
	): Promise<readonly (ShardMessage | null)[]>;
}
