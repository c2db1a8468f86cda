/** Limits on a destination URL, and the names that never lead outwards. Data only. */

/** UTF-16 code units of a URL, as given and as sent: what proxies and servers accept everywhere. */
export const MAX_URL_LENGTH = 2_048;

/** Octets of a host name in text form (RFC 1035 section 2.3.4, less the root's length octet). */
export const MAX_NAME_LENGTH = 253;

/** Octets of one label of a host name (RFC 1035 section 2.3.4). */
export const MAX_LABEL_LENGTH = 63;

/**
 * Top-level names that resolvers answer from inside a network, each with where it says so.
 * `metadata.google.internal` and Kubernetes' `*.svc.cluster.local` fall under these.
 */
export const INWARD_SUFFIXES: readonly (readonly [suffix: string, source: string])[] = [
	["local", "RFC 6762"],
	["internal", "ICANN board resolution 2024.07.29.06"],
	["home.arpa", "RFC 8375"],
	["localdomain", "the convention of /etc/hosts"],
	["intranet", "RFC 6762 appendix G"],
	["private", "RFC 6762 appendix G"],
	["corp", "RFC 6762 appendix G"],
	["home", "RFC 6762 appendix G"],
	["lan", "RFC 6762 appendix G"],
];
