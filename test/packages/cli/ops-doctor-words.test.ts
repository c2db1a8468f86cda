/** What `minoots doctor` makes of clocks and certificates that no machine has at will. */
import { expect, it } from "vitest";
import { explainCertificate } from "../../../packages/cli/src/doctor/certificate.ts";
import { judgeClock, skewOf } from "../../../packages/cli/src/doctor/judge-clock.ts";

it("[OPS-29] a long way, and the second that a Date is cut to, are no skew", () => {
	const at = (date: number, sentAt: number, receivedAt: number) => ({
		headers: new Headers({ date: new Date(date).toUTCString() }),
		sentAt,
		receivedAt,
	});
	const T = 1_800_000_000_000;
	// Sent, answered 8 s later, at an instant of ours that is not known.
	expect(skewOf([at(T + 7_000, T, T + 8_000)])).toEqual({ least: -1_000, most: 8_000 });
	// A second, quick answer narrows it down.
	const quick = at(T + 9_000, T + 9_400, T + 9_450);
	expect(skewOf([at(T + 7_000, T, T + 8_000), quick])).toEqual({ least: -450, most: 600 });
	expect(judgeClock({ least: -4_999, most: 60_000 }).state).toBe("ok");
	expect(judgeClock({ least: 5_000, most: 6_000 })).toMatchObject({
		state: "failed",
		detail: expect.stringContaining("at least 5 s behind"),
	});
	expect(judgeClock({ least: -9_000, most: -6_000 }).detail).toContain("at least 6 s ahead of");
	expect(judgeClock(skewOf([{ headers: new Headers(), sentAt: T, receivedAt: T }])).state).toBe(
		"skipped",
	);
});

it("[OPS-23] every reason that OpenSSL has gets words, a date that is to come too", () => {
	const shown = { subject: "s", issuer: "i", validFrom: "F", validTo: "T", names: "n" };
	const explain = (code: string, file?: string) => explainCertificate(code, "h", shown, file);
	expect(explain("CERT_NOT_YET_VALID").detail).toBe(
		"the certificate of s is valid from F on (CERT_NOT_YET_VALID)",
	);
	expect(explain("SELF_SIGNED_CERT_IN_CHAIN", "/ca.pem").advice).toContain(
		"NODE_EXTRA_CA_CERTS (/ca.pem does not hold it)",
	);
	expect(explain("CERT_REVOKED").detail).toBe("the certificate of s is refused (CERT_REVOKED)");
});
