/**
 * Public ids say where a thing lives (decision 1): kind prefix + base32 of shard (8 bits), the
 * shard's sequence (48 bits) and a keyed tag (64 bits) over tenant, kind, shard and sequence. The
 * edge checks the tag before it calls any object, so an invented id, or one of another tenant,
 * reaches nothing. Ids never contain the due time: rescheduling keeps the id.
 */
import { blake2s } from "@noble/hashes/blake2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import type { DeliveryId, JobId, TimerId } from "../contract/ids.ts";
import { decodeBase32, encodeBase32 } from "./base32.ts";

const TAG_BYTES = 8;
const ID_BYTES = 15;
const DELIVERY_BYTES = 20;
const TAG_AT = 7;
/** Of a kind's derived key: 256 bits, half a block. */
const KIND_KEY_BYTES = 32;
/** What BLAKE2s compresses at once. */
const BLOCK_BYTES = 64;

export type IdKind = "tmr" | "job" | "evt";
export type Address = { readonly shard: number; readonly seq: number };
export type DeliveryAddress = Address & { readonly firing: number; readonly action: number };

/** Writes and checks the ids of one tenant. Make one per tenant and keep it: it holds the key. */
export type IdSpace = {
	readonly timer: (address: Address) => TimerId;
	readonly job: (address: Address) => JobId;
	readonly event: (address: Address) => string;
	readonly delivery: (address: DeliveryAddress) => DeliveryId;
	/** The address in `id`, or `undefined` when this tenant has never had such an id. */
	readonly parse: (kind: IdKind, id: string) => Address | undefined;
	readonly parseDelivery: (id: string) => DeliveryAddress | undefined;
};

/** @param key the derived key of purpose `public-id` */
export function createIdSpace(key: Uint8Array, tenant: string): IdSpace {
	const tenantBytes = new TextEncoder().encode(tenant);
	const keys = new Map<string, Uint8Array>();

	/** The key of one kind, written into the first half of the block that a tag is the hash of. */
	function blockOf(kind: string): Uint8Array {
		const known = keys.get(kind);
		if (known !== undefined) return known;
		const block = new Uint8Array(BLOCK_BYTES);
		const name = new TextEncoder().encode(`${kind}:`);
		block.set(blake2s(concatBytes(name, tenantBytes), { key, dkLen: KIND_KEY_BYTES }));
		keys.set(kind, block);
		return block;
	}

	// One block, so one compression: BLAKE2 needs no HMAC around a keyed prefix, and the length of
	// the rest is fixed by the kind. Half the cost of hashing tenant and key anew for every id.
	function tag(kind: string, head: Uint8Array): Uint8Array {
		const block = blockOf(kind);
		block.set(head, KIND_KEY_BYTES);
		return blake2s(block, { dkLen: TAG_BYTES });
	}

	function write(kind: string, head: Uint8Array): string {
		const bytes = new Uint8Array(head.length + TAG_BYTES);
		bytes.set(head);
		bytes.set(tag(kind, head), head.length);
		return `${kind}_${encodeBase32(bytes)}`;
	}

	function read(kind: string, id: string, length: number): Uint8Array | undefined {
		if (!id.startsWith(`${kind}_`)) return undefined;
		const bytes = decodeBase32(id.slice(kind.length + 1));
		if (bytes?.length !== length) return undefined;
		const head = bytes.subarray(0, length - TAG_BYTES);
		return equalBytes(tag(kind, head), bytes.subarray(length - TAG_BYTES)) ? head : undefined;
	}

	return {
		timer: (address) => write("tmr", headOf(address)) as TimerId,
		job: (address) => write("job", headOf(address)) as JobId,
		event: (address) => write("evt", headOf(address)),
		delivery: (address) => write("dlv", deliveryHeadOf(address)) as DeliveryId,
		parse: (kind, id) => {
			const head = read(kind, id, ID_BYTES);
			return head && addressOf(head);
		},
		parseDelivery: (id) => {
			const head = read("dlv", id, DELIVERY_BYTES);
			if (head === undefined) return undefined;
			const view = new DataView(head.buffer, head.byteOffset);
			return {
				...addressOf(head),
				firing: view.getUint32(TAG_AT),
				action: view.getUint8(TAG_AT + 4),
			};
		},
	};
}

function headOf({ shard, seq }: Address): Uint8Array {
	const head = new Uint8Array(TAG_AT);
	writeAddress(new DataView(head.buffer), shard, seq);
	return head;
}

function deliveryHeadOf({ shard, seq, firing, action }: DeliveryAddress): Uint8Array {
	const head = new Uint8Array(DELIVERY_BYTES - TAG_BYTES);
	const view = new DataView(head.buffer);
	writeAddress(view, shard, seq);
	view.setUint32(TAG_AT, firing);
	view.setUint8(TAG_AT + 4, action);
	return head;
}

function writeAddress(view: DataView, shard: number, seq: number): void {
	view.setUint8(0, shard);
	view.setUint16(1, Math.floor(seq / 2 ** 32));
	view.setUint32(3, seq >>> 0);
}

function addressOf(head: Uint8Array): Address {
	const view = new DataView(head.buffer, head.byteOffset);
	return { shard: view.getUint8(0), seq: view.getUint16(1) * 2 ** 32 + view.getUint32(3) };
}

/** Compares without stopping at the first difference, so that timing tells nothing of the tag. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
	return difference === 0;
}
