/** `npm run operator-key`: a lost operator's key can be replaced, at rest only. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished, test } from "vitest";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";

const COMMAND = join(import.meta.dirname, "../../../runtime/replace-operator-key.ts");
const run = promisify(execFile);

async function statusWith(network: NetworkProcess, adminKey: string): Promise<number> {
	const headers = { authorization: `Bearer ${adminKey}` };
	return (await fetch(`${network.url}/v1/tenants/dev`, { headers })).status;
}

test("[RUN-15] a lost operator's key is replaced while the network is stopped", async ({
	expect,
}) => {
	const network = await startNetwork();
	onTestFinished(async () => void (await network.stop()));
	const args = [COMMAND, "--state", network.state];
	await expect(run(process.execPath, args)).rejects.toMatchObject({
		code: 1,
		stderr: expect.stringContaining("is in use by a running Minoots"),
	});
	await network.kill("SIGTERM", "launcher");

	const { stdout } = await run(process.execPath, args);
	const adminKey = stdout.trim();
	expect(adminKey).toMatch(/^mna_[\w-]{43}$/);
	const again = await network.restart();
	onTestFinished(async () => void (await again.stop()));
	expect(again.dev).toEqual({ ...network.dev, adminKey });
	expect(await statusWith(again, adminKey)).toBe(200);
	expect(await statusWith(again, network.dev.adminKey)).toBe(401);
});

test("[RUN-15] a folder without a network has no key to replace", async ({ expect }) => {
	const outcome = run(process.execPath, [COMMAND, "--state", join(import.meta.dirname, "none")]);
	await expect(outcome).rejects.toMatchObject({
		code: 1,
		stderr: expect.stringContaining("No network was ever started"),
	});
});
