/** The runtime's command line. */
import { resolve } from "node:path";
import { describe, test } from "vitest";
import { localUrl, parseOptions } from "../../../runtime/options.ts";

describe("parseOptions", () => {
	test("[RUN-7] has a default for everything", ({ expect }) => {
		expect(parseOptions([])).toEqual({
			ok: true,
			value: {
				state: resolve(".minoots"),
				host: "127.0.0.1",
				port: 3000,
				allowLoopback: true,
				devClock: true,
				observers: true,
			},
		});
	});

	test.for([
		["127.0.0.1", true],
		["127.8.9.1", true],
		["localhost", true],
		["::1", true],
		["0.0.0.0", false],
		["::", false],
		["192.168.1.5", false],
		["127.example.com", false],
		["::ffff:127.0.0.1", false],
	] as const)(
		"[RUN-13] listening on %s allows loopback: %s",
		([host, allowLoopback], { expect }) => {
			expect(parseOptions(["--host", host])).toMatchObject({ ok: true, value: { allowLoopback } });
			expect(parseOptions(["--host", host, "--allow-loopback"])).toMatchObject({
				ok: true,
				value: { allowLoopback: true },
			});
		},
	);

	test.for(["-1", "65536", "3000.5", "0x10", "", " 3000", "1e3", "three"])(
		"[RUN-7] refuses the port %j",
		(port, { expect }) => {
			expect(parseOptions([`--port=${port}`])).toMatchObject({ ok: false, error: { exitCode: 2 } });
		},
	);
});

test.for([
	["127.0.0.1", "http://127.0.0.1:3000"],
	["0.0.0.0", "http://127.0.0.1:3000"],
	["::", "http://[::1]:3000"],
	["::1", "http://[::1]:3000"],
	["box.lan", "http://box.lan:3000"],
] as const)("[RUN-1] a client on this machine reaches %s at %s", ([host, url], { expect }) => {
	expect(localUrl(host, 3000)).toBe(url);
});
