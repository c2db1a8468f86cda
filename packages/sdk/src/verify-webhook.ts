/**
 * Verifies webhooks as Standard Webhooks 1.0 signs them (`v1`, HMAC-SHA-256), with WebCrypto alone.
 * For receivers; it needs no client and no network.
 */

/** Seconds that the sender's clock and ours may differ, and a request may take. */
const TOLERANCE_SECONDS = 300;
const SECRET = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/;
const VERSION = "v1,";

export type WebhookHeaders =
	| Headers
	| Readonly<Record<string, string | readonly string[] | undefined>>;

export type VerifyOptions = {
	/** Default 300, to both sides. */
	readonly toleranceSeconds?: number | undefined;
	/** Epoch ms; the clock's unless given. */
	readonly now?: number | undefined;
};

export type WebhookRefusal =
	| "missing_header"
	| "invalid_timestamp"
	| "too_old"
	| "too_new"
	| "wrong_signature";

/** The request is not one that the holder of the secret has just sent: answer 400 or 401. */
export class WebhookVerificationError extends Error {
	override readonly name = "WebhookVerificationError";
	readonly code: WebhookRefusal;

	constructor(code: WebhookRefusal, message: string) {
		super(message);
		this.code = code;
	}
}

/**
 * The JSON that a webhook carries, once its signature and its age are found good; null where it has no
 * body.
 *
 * @param rawBody exactly the bytes that came, or their text: parsed and written anew they may differ
 * @param secret `whsec_…` or its base64 alone; several while one is replaced by the next
 * @throws {WebhookVerificationError} when it must not be trusted
 * @throws {TypeError} when the body is not raw, or a secret is none
 */
export async function verifyWebhook<T = unknown>(
	rawBody: string | Uint8Array | ArrayBuffer,
	headers: WebhookHeaders,
	secret: string | readonly string[],
	{ toleranceSeconds = TOLERANCE_SECONDS, now = Date.now() }: VerifyOptions = {},
): Promise<T> {
	const body = bytesOf(rawBody);
	const secrets = [secret].flat().map(readSecret);
	if (secrets.length === 0) throw new TypeError("verifyWebhook: expected a secret, got none.");
	const id = requireHeader(headers, "webhook-id");
	const timestamp = requireHeader(headers, "webhook-timestamp");
	const signatures = requireHeader(headers, "webhook-signature").split(" ").flatMap(readSignature);
	checkAge(timestamp, Math.floor(now / 1_000), toleranceSeconds);
	const head = new TextEncoder().encode(`${id}.${timestamp}.`);
	const content = new Uint8Array(head.length + body.length);
	content.set(head);
	content.set(body, head.length);
	const verdicts = await Promise.all(secrets.map((one) => isSigned(content, one, signatures)));
	if (!verdicts.includes(true)) {
		const what = "No signature of the webhook matches: check the secret, and that the body is raw.";
		throw new WebhookVerificationError("wrong_signature", what);
	}
	return JSON.parse(new TextDecoder().decode(body) || "null");
}

/** WebCrypto's `verify` compares in constant time. */
async function isSigned(
	content: Uint8Array<ArrayBuffer>,
	secret: Uint8Array<ArrayBuffer>,
	signatures: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
	const { subtle } = await webCrypto();
	const algorithm = { name: "HMAC", hash: "SHA-256" };
	const key = await subtle.importKey("raw", secret, algorithm, false, ["verify"]);
	const found = await Promise.all(
		signatures.map((one) => subtle.verify("HMAC", key, one, content)),
	);
	return found.includes(true);
}

function checkAge(timestamp: string, nowSeconds: number, toleranceSeconds: number): void {
	if (!/^\d{1,15}$/.test(timestamp)) {
		const what = `webhook-timestamp: expected seconds since 1970, got "${timestamp}".`;
		throw new WebhookVerificationError("invalid_timestamp", what);
	}
	const age = nowSeconds - Number(timestamp);
	if (Math.abs(age) <= toleranceSeconds) return;
	const what = `The webhook was signed ${Math.abs(age)} s ${age > 0 ? "ago" : "ahead"}, more than ${toleranceSeconds} s: is the clock right?`;
	throw new WebhookVerificationError(age > 0 ? "too_old" : "too_new", what);
}

function requireHeader(headers: WebhookHeaders, name: string): string {
	const value = isHeaders(headers)
		? headers.get(name)
		: Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
	const text = Array.isArray(value) ? value.join(" ") : value;
	if (typeof text === "string" && text !== "") return text;
	throw new WebhookVerificationError("missing_header", `${name}: the header is missing.`);
}

/** Also those that are not of the platform's own class: of libraries, of another realm. */
function isHeaders(headers: WebhookHeaders): headers is Headers {
	return typeof headers.get === "function";
}

/** Other versions than `v1` may stand beside it; they are not ours to judge. */
function readSignature(text: string): Uint8Array<ArrayBuffer>[] {
	const bytes = text.startsWith(VERSION) ? fromBase64(text.slice(VERSION.length)) : undefined;
	return bytes === undefined ? [] : [bytes];
}

function readSecret(text: string): Uint8Array<ArrayBuffer> {
	const bytes = fromBase64(SECRET.exec(text)?.[1] ?? "");
	if (bytes !== undefined && bytes.length > 0) return bytes;
	throw new TypeError("verifyWebhook: expected a secret like whsec_…, got something else.");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
	try {
		return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
	} catch {
		return undefined; // not base64
	}
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
	if (typeof body === "string") return new TextEncoder().encode(body);
	if (body instanceof ArrayBuffer) return new Uint8Array(body);
	if (body instanceof Uint8Array) return new Uint8Array(body);
	throw new TypeError(
		"verifyWebhook: expected the raw body, as text or bytes, before it is parsed.",
	);
}

/** Node 18 has WebCrypto in a module only, whose name no bundler may find: elsewhere there is none. */
async function webCrypto(): Promise<Pick<typeof crypto, "subtle">> {
	if (globalThis.crypto !== undefined) return crypto;
	const module = ["node", "crypto"].join(":");
	return (await import(module)).webcrypto;
}
