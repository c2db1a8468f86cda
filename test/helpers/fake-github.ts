/**
 * A stand-in for GitHub's REST API on loopback: the two dispatches, answered as GitHub answers them,
 * for repositories, workflows and tokens that a test names. Beside that it answers what it is told
 * to, once or for good. It knows nothing of this network.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { close, listenAt } from "./loopback.ts";
import { takeNotes } from "./notes.ts";

export type Dispatched = {
	/** Epoch ms when the whole request was in, with fractions. */
	readonly arrivedAt: number;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	/** The body, read as JSON. */
	readonly body: Readonly<Record<string, unknown>>;
};

/** An answer in place of the usual one. `hang`: the request is taken, and nothing is said. */
export type Scripted =
	| {
			readonly status: number;
			readonly headers?: Readonly<Record<string, string>>;
			readonly body?: unknown;
	  }
	| "hang";

export type FakeGithub = {
	/** To be an action's `apiUrl`. */
	readonly url: string;
	/** Requests in order of arrival, refused ones too. */
	readonly requests: readonly Dispatched[];
	/** Resolves once `count` requests are in; rejects after `timeoutMs`. */
	readonly waitFor: (count: number, timeoutMs?: number) => Promise<readonly Dispatched[]>;
	/** Answers the next requests with these, one each, and then as usual again. */
	readonly answerNext: (...answers: readonly Scripted[]) => void;
	readonly close: () => Promise<void>;
};

export type FakeGithubOptions = {
	/** Tokens that GitHub knows, and have access to every repository. */
	readonly tokens?: readonly string[];
	/** Workflows by repository. `inputs` absent: it has no `workflow_dispatch` trigger. */
	readonly repositories?: Readonly<
		Record<string, Readonly<Record<string, { readonly inputs?: readonly string[] }>>>
	>;
	/** Branches and tags of every repository. */
	readonly refs?: readonly string[];
};

const DOCUMENTATION = "https://docs.github.com/rest";

export async function startFakeGithub({
	tokens = ["ghp_0123456789abcdefghijklmnopqrstuvwxyzAB"],
	repositories = { "acme/site": { "deploy.yml": { inputs: ["environment"] } } },
	refs = ["main"],
}: FakeGithubOptions = {}): Promise<FakeGithub> {
	const notes = takeNotes<Dispatched>();
	const script: Scripted[] = [];
	let run = 1_000;

	const usual = ({ path, headers, body }: Dispatched): Exclude<Scripted, "hang"> => {
		const token = /^(?:Bearer|token) (.+)$/.exec(headers["authorization"] ?? "")?.[1];
		if (headers["user-agent"] === undefined) {
			return refusal(403, "Request forbidden by administrative rules.");
		}
		if (token === undefined || !tokens.includes(token)) return refusal(401, "Bad credentials");
		const [, repository = "", workflow] =
			/^\/repos\/([^/]+\/[^/]+)(?:\/actions\/workflows\/([^/]+))?\/dispatches$/.exec(path) ?? [];
		const workflows = repositories[repository];
		if (workflows === undefined) return refusal(404, "Not Found");
		if (workflow === undefined) return repositoryDispatch(body);
		const found = workflows[decodeURIComponent(workflow)];
		if (found === undefined) return refusal(404, "Not Found");
		if (found.inputs === undefined) {
			return refusal(422, "Workflow does not have 'workflow_dispatch' trigger");
		}
		const ref = String(body["ref"]).replace(/^refs\/(?:heads|tags)\//, "");
		if (!refs.includes(ref)) return refusal(422, `No ref found for: ${body["ref"]}`);
		const given = Object.keys((body["inputs"] as object | undefined) ?? {});
		const unknown = given.filter((name) => !found.inputs?.includes(name));
		if (unknown.length > 0) {
			return refusal(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`);
		}
		if (body["return_run_details"] !== true) return { status: 204 };
		const id = ++run;
		const html_url = `https://github.com/${repository}/actions/runs/${id}`;
		return { status: 200, body: { workflow_run_id: id, html_url } };
	};

	const server = createServer((request, response) => {
		receive(request, (one) => {
			notes.note(one);
			reply(response, script.shift() ?? usual(one));
		});
	});

	return {
		url: await listenAt(server),
		requests: notes.items,
		waitFor: notes.waitFor,
		answerNext: (...answers) => void script.push(...answers),
		close: () => close(server),
	};
}

function repositoryDispatch(body: Readonly<Record<string, unknown>>): Exclude<Scripted, "hang"> {
	const type = body["event_type"];
	if (typeof type !== "string") {
		return refusal(422, 'Invalid request.\n\n"event_type" wasn\'t supplied.');
	}
	const members = Object.keys((body["client_payload"] as object | undefined) ?? {}).length;
	if (members > 10) return refusal(422, "No more than 10 properties are allowed");
	return { status: 204 };
}

function refusal(status: number, message: string): Exclude<Scripted, "hang"> {
	return {
		status,
		body: { message, documentation_url: DOCUMENTATION, status: String(status) },
	};
}

function receive(request: IncomingMessage, then: (one: Dispatched) => void): void {
	const chunks: Buffer[] = [];
	request.on("data", (chunk: Buffer) => chunks.push(chunk));
	request.on("end", () => {
		const text = Buffer.concat(chunks).toString();
		then({
			arrivedAt: performance.timeOrigin + performance.now(),
			path: request.url ?? "/",
			headers: request.headers as Record<string, string>, // Nobody sends `set-cookie` here.
			body: text === "" ? {} : JSON.parse(text),
		});
	});
}

function reply(response: ServerResponse, answer: Scripted): void {
	if (answer === "hang") return;
	const { status, headers = {}, body } = answer;
	const text = body === undefined ? "" : JSON.stringify(body);
	const type = text === "" ? {} : { "content-type": "application/json; charset=utf-8" };
	response.writeHead(status, { ...type, ...headers }).end(text);
}
