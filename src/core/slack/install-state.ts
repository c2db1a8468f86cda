/**
 * The `state` of an installation: what a person carries to Slack and back, and which tenant the
 * workspace is for. `msi_<claims>_<tag>`: the claims are readable, the tag is keyed by the deployment.
 * That it is used once only the tenant's registry can tell.
 */
import { isTagOf, tagClaims } from "../keyed-tag.ts";

export type InstallState = {
	readonly tenant: string;
	/** Epoch ms. */
	readonly expiresAt: number;
	/** Different in every state. */
	readonly nonce: string;
};

export const INSTALL_NONCE_BYTES = 16;
const TAG_BYTES = 16;
/** Characters of the longest state that is looked at. */
const STATE_LENGTH_MAX = 256;

const SHAPE = /^msi_([a-z0-9-]+)\.(\d{1,16})\.([0-9a-f]{32})\.([0-9a-f]{32})$/;

/** @param key the derived key of purpose `slack-install` */
export function mintInstallState(state: InstallState, key: Uint8Array): string {
	return `msi_${tagClaims(claimsOf(state), key, TAG_BYTES)}`;
}

/** The claims of a state that this deployment has made; whether it still holds is not looked at. */
export function parseInstallState(text: string, key: Uint8Array): InstallState | undefined {
	if (text.length > STATE_LENGTH_MAX) return undefined;
	const [, tenant, expiresAt, nonce, tag] = SHAPE.exec(text) ?? [];
	if (tenant === undefined || nonce === undefined || tag === undefined) {
		return undefined;
	}
	const state = { tenant, expiresAt: Number(expiresAt), nonce };
	return isTagOf(tag, claimsOf(state), key) ? state : undefined;
}

function claimsOf({ tenant, expiresAt, nonce }: InstallState): readonly (string | number)[] {
	return [tenant, expiresAt, nonce];
}
