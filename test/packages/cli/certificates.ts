/** Certificates for tests, made by openssl: each one wrong in one way, or right. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Certificate = { readonly key: Buffer; readonly cert: Buffer };

export type Certificates = {
	/** The authority's own, a file for NODE_EXTRA_CA_CERTS. */
	readonly authority: string;
	/** Signed by the authority, for localhost and 127.0.0.1. */
	readonly good: Certificate;
	readonly expired: Certificate;
	/** For another name. */
	readonly foreign: Certificate;
	readonly selfSigned: Certificate;
};

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

export function makeCertificates(folder: string): Certificates {
	const at = (name: string) => join(folder, name);
	const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
	const read = (name: string) => ({
		key: readFileSync(at(`${name}.key`)),
		cert: readFileSync(at(`${name}.pem`)),
	});
	const selfSigned = (name: string, subject: string) => {
		const files = ["-keyout", at(`${name}.key`), "-out", at(`${name}.pem`)];
		openssl("req", "-x509", ...NEW_KEY, ...files, "-days", "2", "-subj", subject);
	};
	const signed = (name: string, names: string, days: string) => {
		const request = ["-keyout", at(`${name}.key`), "-out", at(`${name}.csr`)];
		openssl("req", ...NEW_KEY, ...request, "-subj", `/CN=${name}`);
		writeFileSync(at("names"), `subjectAltName=${names}\nbasicConstraints=critical,CA:FALSE\n`);
		const by = ["-CA", at("authority.pem"), "-CAkey", at("authority.key"), "-CAcreateserial"];
		const out = ["-days", days, "-extfile", at("names"), "-out", at(`${name}.pem`)];
		openssl("x509", "-req", "-in", at(`${name}.csr`), ...by, ...out);
		return read(name);
	};
	selfSigned("authority", "/O=Authority of a test/CN=Authority of a test");
	selfSigned("alone", "/CN=localhost");
	const here = "DNS:localhost,IP:127.0.0.1";
	return {
		authority: at("authority.pem"),
		good: signed("good", here, "2"),
		expired: signed("expired", here, "-1"),
		foreign: signed("foreign", "DNS:other.example", "2"),
		selfSigned: read("alone"),
	};
}
