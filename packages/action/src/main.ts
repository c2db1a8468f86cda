/** What the runner starts: reads the inputs, calls the network, and tells how it went. */
import { COMMANDS, PLANS } from "./commands.ts";
import { Inputs } from "./inputs.ts";
import {
	isUnavailable,
	type Read,
	reportFailure,
	reportResult,
	reportUnavailable,
} from "./report.ts";
import { Secrets } from "./secrets.ts";
import { readSignIn, signIn } from "./sign-in.ts";
import { readWorkflowRun } from "./workflow-run.ts";

const secrets = new Secrets();
const inputs = new Inputs();
let read: Read = { actions: [], hasKey: true, hasTimer: false };
try {
	secrets.add(inputs.text("github-token"));
	const command = inputs.choice("command", COMMANDS) ?? "schedule";
	const mayGoOn = inputs.flag("continue-on-unavailable");
	const access = readSignIn(inputs, secrets, process.env);
	const plan = PLANS[command](inputs, readWorkflowRun(process.env));
	const hasTimer = command !== "schedule";
	read = { actions: plan.actions, hasKey: access.apiKey !== undefined, hasTimer };
	inputs.settle();
	try {
		const result = await plan.perform(await signIn(access, secrets));
		await reportResult(result, access.url, secrets);
	} catch (error) {
		if (!mayGoOn || !isUnavailable(error)) throw error;
		await reportUnavailable(error, secrets);
	}
} catch (error) {
	await reportFailure(error, read, secrets);
}
