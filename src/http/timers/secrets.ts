/**
 * Seals the headers and tokens of actions before they are stored, and opens headers where a timer or
 * a dead letter is shown to its owner; a token is shown to nobody. A timer without either pays for a
 * look at its text and nothing else; one with them for 10 to 15 µs of AES-GCM an action, measured
 * in workerd 2026-11-21.
 */
import type { TenantKey } from "../../../durable-objects/shared/seal.ts";
import type { NewNode, NewTimer } from "../../../durable-objects/tenant-shard/rpc.ts";
import { openHeaders, sealHeaders, sealToken } from "../../action-secrets.ts";
import type { DeadLetterPatch, StoredPatch } from "../../contract/delivery.ts";
import { actionsIn, withActions } from "../../core/doc-actions.ts";
import { sizeRefusal } from "../../core/fit-timer.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { previewOfToken } from "../../core/services/service-token.ts";
import {
	type ActionDoc,
	isServiceDoc,
	type TimerDoc,
	type TimerDocPatch,
} from "../../core/timer-doc.ts";
import type { TimerRefusal } from "../../core/timer-rules.ts";
import { requireTenantKey } from "../../tenant-keys.ts";
import type { TenantContext } from "../context.ts";

/** How every document with a secret reads, and few without: `JSON.stringify` puts no space. */
const SECRET_MEMBERS: readonly string[] = ['"headers":{', '"token":"'];

type SealSecret<Secret> = (key: TenantKey, secret: Secret) => Promise<string>;

/** Seals secrets for one request, in one of the ways below. */
export type Sealer = <Secret>(seal: SealSecret<Secret>, secret: Secret) => Promise<string>;

/**
 * Equal secrets of one request are sealed once: the lines of a batch mostly share theirs, and share
 * the text that is stored too.
 */
export function sealerOf(context: TenantContext): Sealer {
	const sealed = new Map<unknown, Map<string, Promise<string>>>();
	return (seal, secret) => {
		const texts = sealed.get(seal) ?? new Map<string, Promise<string>>();
		sealed.set(seal, texts);
		const text = JSON.stringify(secret);
		const known = texts.get(text);
		if (known !== undefined) return known;
		const made = keyOf(context).then((key) => seal(key, secret));
		texts.set(text, made);
		return made;
	};
}

type Sealed = Result<NewTimer, TimerRefusal>;

/** The timer to store. What is sealed takes a third more room, which may be too much for a row. */
export function sealTimer(seal: Sealer, timer: NewTimer): Sealed | Promise<Sealed> {
	const { doc, graph } = timer;
	// Ten thousand of a batch wait for nothing.
	const isBare = graph === undefined && !mayHoldSecret(doc);
	return isBare ? ok(timer) : sealAll(seal, timer);
}

async function sealAll(seal: Sealer, timer: NewTimer): Promise<Sealed> {
	const doc = await sealDoc(seal, timer.doc);
	if (!doc.ok) return doc;
	const { graph } = timer;
	if (graph === undefined) return ok({ ...timer, doc: doc.value });
	const nodes: NewNode[] = [];
	for (const node of graph.nodes) {
		const sealed = await sealDoc(seal, node.doc);
		if (!sealed.ok) return sealed;
		nodes.push({ ...node, doc: sealed.value });
	}
	return ok({ ...timer, doc: doc.value, graph: { ...graph, nodes } });
}

async function sealDoc(seal: Sealer, text: string): Promise<Result<string, TimerRefusal>> {
	const sealed = await sealText(seal, text);
	const tooLarge = sealed === text ? undefined : sizeRefusal(sealed);
	return tooLarge === undefined ? ok(sealed) : err(tooLarge);
}

/** The text of a change to a timer, to be stored. */
export async function sealDocPatch(seal: Sealer, text: string | null): Promise<string | null> {
	return text === null ? null : sealText(seal, text);
}

/** The edit of a dead letter, to be stored. No headers at all are an edit too. */
export async function sealEdit(seal: Sealer, edit: DeadLetterPatch): Promise<StoredPatch> {
	const { headers, token, ...rest } = edit;
	return {
		...rest,
		...(headers !== undefined && { sealedHeaders: await seal(sealHeaders, headers) }),
		...(token !== undefined && (await sealedToken(seal, token))),
	};
}

/** The document with all headers in the open. */
export async function withHeaders(context: TenantContext, doc: TimerDoc): Promise<TimerDoc> {
	const actions = actionsIn(doc);
	if (!actions.some((action) => "sealedHeaders" in action)) return doc;
	const key = await keyOf(context);
	const opened = await Promise.all(
		actions.map((action) => (action.type === "webhook" ? open(key, action) : action)),
	);
	return withActions(doc, opened);
}

/** The edit of a dead letter with its headers in the open. */
export async function withEditHeaders(
	context: TenantContext,
	edit: StoredPatch | null,
): Promise<StoredPatch | null> {
	return edit?.sealedHeaders === undefined ? edit : open(await keyOf(context), edit);
}

async function sealText(seal: Sealer, text: string): Promise<string> {
	if (!mayHoldSecret(text)) return text;
	// Only `core/` writes these texts, without defaults; nothing but secrets is changed.
	const doc = JSON.parse(text) as TimerDocPatch;
	const sealed = await Promise.all(actionsIn(doc).map((action) => sealAction(seal, action)));
	return JSON.stringify(withActions(doc, sealed));
}

function mayHoldSecret(text: string): boolean {
	return SECRET_MEMBERS.some((member) => text.includes(member));
}

async function sealAction(seal: Sealer, stored: ActionDoc): Promise<ActionDoc> {
	if (isServiceDoc(stored)) {
		const { token, ...action } = stored;
		return token === undefined ? stored : { ...action, ...(await sealedToken(seal, token)) };
	}
	if (stored.type !== "webhook" || stored.headers === undefined) return stored;
	const { headers, ...action } = stored;
	return { ...action, sealedHeaders: await seal(sealHeaders, headers) };
}

async function sealedToken(seal: Sealer, token: string) {
	return { sealedToken: await seal(sealToken, token), tokenPreview: previewOfToken(token) };
}

async function open<T extends Parameters<typeof openHeaders>[1]>(
	key: TenantKey,
	carrier: T,
): Promise<T> {
	const opened = await openHeaders(key, carrier);
	if (!opened.ok) throw new Error(`Stored headers do not open: ${opened.error.code}`);
	return opened.value;
}

function keyOf({ env, config, now }: TenantContext): Promise<TenantKey> {
	return requireTenantKey(env, config, now);
}
