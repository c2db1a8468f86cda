/**
 * Why a certificate is refused, in words, and what helps: by the codes of OpenSSL and Node. Pure;
 * `probe-tls.ts` asks the server.
 */
import { type Finding, failed } from "./hop.ts";

/** What the server has shown. */
export type Shown = {
	/** Common name or first name of the certificate. */
	readonly subject: string;
	readonly issuer: string;
	/** As the certificate writes them. */
	readonly validFrom: string;
	readonly validTo: string;
	/** The names it is good for. */
	readonly names: string;
};

const ASK_OPERATOR = "Whoever runs the server has to renew or replace it.";

/** @param code of the failed verification @param caFile NODE_EXTRA_CA_CERTS, if it is set */
export function explainCertificate(
	code: string,
	host: string,
	shown: Shown,
	caFile: string | undefined,
): Finding {
	const { subject, issuer, validFrom, validTo, names } = shown;
	switch (code) {
		case "DEPTH_ZERO_SELF_SIGNED_CERT":
			return failed(
				`the certificate of ${subject} is signed by itself (${code})`,
				trust("it", caFile),
			);
		case "SELF_SIGNED_CERT_IN_CHAIN":
			return failed(
				`the certificate is signed by a private authority, ${issuer} (${code})`,
				trust("that authority's certificate", caFile),
			);
		case "UNABLE_TO_GET_ISSUER_CERT":
		case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
		case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
			return failed(
				`the certificate is signed by ${issuer}, which is not known here (${code})`,
				`${trust("that authority's certificate", caFile)} If it is a public one, the server fails to send the certificates in between.`,
			);
		case "CERT_HAS_EXPIRED":
			return failed(
				`the certificate of ${subject} has expired on ${validTo} (${code})`,
				`${ASK_OPERATOR} If the date is not right, set this machine's clock.`,
			);
		case "CERT_NOT_YET_VALID":
			return failed(
				`the certificate of ${subject} is valid from ${validFrom} on (${code})`,
				`Look whether this machine's clock is right: it says ${new Date().toUTCString()}.`,
			);
		case "ERR_TLS_CERT_ALTNAME_INVALID":
			return failed(
				`the certificate is for ${names || subject}, not for ${host} (${code})`,
				"Use the address that it names, or find out who answers at this one.",
			);
		default:
			return failed(
				`the certificate of ${subject} is refused (${code})`,
				trust("its authority", caFile),
			);
	}
}

function trust(what: string, caFile: string | undefined): string {
	const kept =
		caFile === undefined
			? "NODE_EXTRA_CA_CERTS=/path/to/ca.pem"
			: `NODE_EXTRA_CA_CERTS (${caFile} does not hold it)`;
	return `If you trust it, put ${what} as PEM into a file and set ${kept}.`;
}
