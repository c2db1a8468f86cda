/**
 * Claims that anybody can read and only this deployment can have written: joined by dots, with a tag
 * behind them that is keyed. What the claims are, and how they are told from other texts, their own
 * modules say.
 */
import { blake2s } from "@noble/hashes/blake2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { equalBytes } from "./public-id.ts";

type Claims = readonly (string | number)[];

/** The claims and their tag of `bytes` bytes, in hexadecimal digits. */
export function tagClaims(claims: Claims, key: Uint8Array, bytes: number): string {
	return `${claims.join(".")}.${bytesToHex(tagOf(claims, key, bytes))}`;
}

/** Whether `tag`, in hexadecimal digits, is of these claims. Takes as long when it is not. */
export function isTagOf(tag: string, claims: Claims, key: Uint8Array): boolean {
	const given = hexToBytes(tag);
	return equalBytes(tagOf(claims, key, given.length), given);
}

function tagOf(claims: Claims, key: Uint8Array, bytes: number): Uint8Array {
	return blake2s(utf8ToBytes(claims.join(".")), { key, dkLen: bytes });
}
