import { expect, it } from "vitest";
import { readSlackSettings } from "../../../runtime/slack-settings.ts";

it("[SLACK-17] takes what is set of the Slack app, and nothing else of the environment", () => {
	const environment = {
		SLACK_CLIENT_ID: " 1.2 ",
		SLACK_SIGNING_SECRET: "",
		SLACK_API_URL: "http://127.0.0.1:4000/api",
		HOME: "/root",
	};
	expect(readSlackSettings(environment)).toEqual({
		ok: true,
		value: { SLACK_CLIENT_ID: "1.2", SLACK_API_URL: "http://127.0.0.1:4000/api" },
	});
});

it.each(["slack", "ftp://slack.com/api", "file:///x"])(
	"[SLACK-17] refuses to start with SLACK_API_URL=%s",
	(url) => {
		const settings = readSlackSettings({ SLACK_API_URL: url });
		expect(settings).toMatchObject({
			ok: false,
			error: { line: `SLACK_API_URL must be an http(s) URL, got "${url}"` },
		});
	},
);
