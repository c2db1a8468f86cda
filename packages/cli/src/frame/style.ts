/** Colours, or none: by NO_COLOR and FORCE_COLOR, by `--no-color`, by what the output goes to. */
import picocolors from "picocolors";

export type Style = ReturnType<typeof picocolors.createColors>;

export type Target = NodeJS.WritableStream & { readonly isTTY?: boolean | undefined };
type Env = Readonly<Record<string, string | undefined>>;

/** `stdout` and `stderr` are asked apart: one may be a terminal while the other is a file. */
export function styleFor(target: Target, flag: boolean, env: Env): Style {
	return picocolors.createColors(isColoured(target, flag, env));
}

/** https://no-color.org and https://force-color.org: set and not empty counts, NO_COLOR first. */
function isColoured(target: Target, flag: boolean, env: Env): boolean {
	if (!flag || env["NO_COLOR"]) return false;
	if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
	return target.isTTY === true && env["TERM"] !== "dumb";
}

/** The colour of a state, of a timer or a delivery. */
export function paintStatus(style: Style, status: string): string {
	switch (status) {
		case "settled":
		case "delivered":
			return style.green(status);
		case "failed":
		case "dead":
			return style.red(status);
		case "firing":
		case "sending":
		case "armed":
			return style.cyan(status);
		case "paused":
		case "pending":
		case "retrying":
			return style.yellow(status);
		case "cancelled":
		case "skipped":
			return style.dim(status);
		default:
			return status;
	}
}
