/** What the runner says of the run that this step belongs to, and the links into GitHub. */

export type WorkflowRun = {
	/** owner/name; empty where no runner started us. */
	readonly repository: string;
	readonly runId: string;
	readonly attempt: string;
	readonly workflow: string;
	readonly job: string;
	/** Id of the step in its job; of the outermost one within composite actions. */
	readonly step: string;
	/** Branch or tag, where the run has one; a pull request's merge commit has none to dispatch on. */
	readonly ref: string | undefined;
	readonly apiUrl: string;
	readonly url: string | undefined;
};

export const GITHUB_API = "https://api.github.com";

type Environment = Readonly<Record<string, string | undefined>>;

export function readWorkflowRun(env: Environment): WorkflowRun {
	const of = (name: string) => env[`GITHUB_${name}`] ?? "";
	const [repository, runId] = [of("REPOSITORY"), of("RUN_ID")];
	const isNamed = /^refs\/(heads|tags)\//.test(of("REF"));
	return {
		repository,
		runId,
		attempt: of("RUN_ATTEMPT") || "1",
		workflow: of("WORKFLOW"),
		job: of("JOB"),
		step: of("ACTION"),
		ref: isNamed ? of("REF").replace(/^refs\/(heads|tags)\//, "") : undefined,
		apiUrl: of("API_URL") || GITHUB_API,
		url: runId === "" ? undefined : `${of("SERVER_URL")}/${repository}/actions/runs/${runId}`,
	};
}
