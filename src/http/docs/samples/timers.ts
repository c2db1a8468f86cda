/** Samples of the calls about timers. */
import type { Samples } from "./sample.ts";

export const TIMER_SAMPLES: Samples = {
	"POST /v1/timers": {
		typescript: `const timer = await minoots.timers.create({
  name: "backup_database",
  in: "30s",
  actions: [{ type: "webhook", url: "https://example.com/hooks/backup" }],
});
console.log(timer.id, timer.nextFireAt);`,
		cli: "minoots create 30s backup_database --webhook https://example.com/hooks/backup",
	},
	"GET /v1/timers": {
		given: "timer",
		query: "?status=scheduled&limit=10",
		typescript: `for await (const timer of minoots.timers.list({ status: ["scheduled"] })) {
  console.log(timer.id, timer.name);
}`,
		cli: "minoots list --status scheduled",
	},
	"GET /v1/timers/:id": {
		given: "timer",
		typescript: "const timer = await minoots.timers.get(id);\nconsole.log(timer.timeRemainingMs);",
		cli: "minoots get $ID",
	},
	"PATCH /v1/timers/:id": {
		given: "timer",
		typescript:
			'const timer = await minoots.timers.update(id, { extend: "15m", labels: { team: "ops" } });\nconsole.log(timer.nextFireAt);',
		cli: "minoots reschedule $ID --extend 15m",
	},
	"DELETE /v1/timers/:id": {
		given: "timer",
		typescript:
			"const { deleted } = await minoots.timers.delete(id);\nconsole.log(deleted.events);",
		cli: "minoots delete $ID --yes",
	},
	"POST /v1/timers/:id/cancel": {
		given: "timer",
		typescript:
			'const { outcome } = await minoots.timers.cancel(id, { reason: "no longer needed" });\nconsole.log(outcome);',
		cli: 'minoots cancel $ID --reason "no longer needed"',
	},
	"GET /v1/timers/:id/wait": {
		given: "fired",
		query: "?timeout=30s",
		typescript: "const timer = await minoots.waitFor(id);\nconsole.log(timer.status);",
		cli: "minoots wait $ID",
	},
	"POST /v1/timers/preview": {
		typescript: `const { occurrences } = await minoots.timers.preview({
  schedule: { cron: "30 2 * * *", timezone: "Europe/Berlin" },
  count: 2,
});
for (const { local, note } of occurrences) console.log(local, note ?? "");`,
		cli: 'minoots preview "30 2 * * *" --tz Europe/Berlin --count 2',
	},
	"POST /v1/timers/:id/pause": {
		given: "recurring",
		typescript: 'await minoots.timers.pause(id, { note: "the database is being moved" });',
		cli: 'minoots pause $ID --note "the database is being moved"',
	},
	"POST /v1/timers/:id/resume": {
		given: "paused",
		typescript: "await minoots.timers.resume(id);",
		cli: "minoots resume $ID",
	},
	"POST /v1/timers/:id/snooze": {
		given: "timer",
		typescript: 'await minoots.timers.snooze(id, { by: "15m" });',
		cli: "minoots snooze $ID 15m",
	},
	"POST /v1/timers/:id/acknowledge": {
		given: "fired",
		typescript: 'await minoots.timers.acknowledge(id, { note: "on it" });',
		cli: 'minoots ack $ID --note "on it"',
	},
	"POST /v1/timers/:id/run": {
		given: "recurring",
		typescript: 'await minoots.timers.run(id, { params: { database: "orders" } });',
		cli: 'minoots run-now $ID --params \'{"database":"orders"}\'',
	},
	"POST /v1/timers/:id/replay": {
		given: "fired",
		typescript: "await minoots.timers.replay(id, { firing: 1 });",
		cli: "minoots replay $ID --firing 1",
	},
	"POST /v1/timers/:id/backfill": {
		given: "recurring",
		typescript:
			'await minoots.timers.backfill(id, { from: "2026-11-01T00:00:00Z", to: "2026-11-08T00:00:00Z" });',
		cli: 'minoots api POST /v1/timers/$ID/backfill \'{"from":"2026-11-01T00:00:00Z","to":"2026-11-08T00:00:00Z"}\'',
	},
	"GET /v1/timers/:id/firings": {
		given: "fired",
		typescript:
			"for await (const firing of minoots.timers.firings(id)) console.log(firing.seq, firing.status);",
		cli: "minoots firings $ID",
	},
	"GET /v1/timers/:id/deliveries": {
		given: "fired",
		typescript:
			"for await (const delivery of minoots.timers.deliveries(id)) console.log(delivery.status);",
		cli: "minoots deliveries $ID",
	},
	"GET /v1/timers/:id/events": {
		given: "fired",
		typescript: "for await (const event of minoots.timers.events(id)) console.log(event.type);",
		cli: "minoots logs $ID",
	},
	"POST /v1/timers/batch": {
		typescript: `const { created, failed } = await minoots.timers.createMany([
  { name: "first", in: "1m" },
  { name: "second", in: "2m" },
]);
console.log(created, failed);`,
		cli: 'minoots api POST /v1/timers/batch \'{"timers":[{"name":"first","in":"1m"},{"name":"second","in":"2m"}]}\'',
	},
	"POST /v1/timers/bulk": {
		given: "timer",
		typescript: `const { matched } = await minoots.timers.bulk({
  action: "cancel",
  filter: { labels: { team: "ops" } },
  dryRun: true,
});
console.log(matched);`,
		cli: "minoots bulk cancel --label team=ops --dry-run",
	},
	"POST /v1/timers/cleanup": {
		typescript:
			'await minoots.timers.cleanup({ olderThan: "7d", statuses: ["settled", "cancelled"] });',
		cli: "minoots cleanup --older-than 7d --status settled --status cancelled --yes",
	},
	"GET /v1/jobs/:id": {
		given: "job",
		typescript: "const job = await minoots.jobs.get(id);\nconsole.log(job.status);",
		cli: "minoots jobs get $ID",
	},
	"GET /v1/timers/export": {
		given: "timer",
		query: "?status=scheduled",
		typescript:
			'const text = await minoots.timers.export({ status: ["scheduled"] });\nconsole.log(text);',
		cli: "minoots export --status scheduled",
	},
	"POST /v1/timers/import": {
		given: "file",
		curl: `curl "$URL/v1/timers/import?format=crontab&timezone=Europe/Berlin&mailbox=cron" \\
  -H "Authorization: Bearer $KEY" --data-binary @crontab`,
		typescript: `const report = await minoots.timers.import("0 9 * * MON-FRI  /usr/local/bin/report\\n", {
  format: "crontab",
  timezone: "Europe/Berlin",
  mailbox: "cron",
});
console.log(report.created);`,
		cli: "minoots import crontab --format crontab --tz Europe/Berlin --mailbox cron",
	},
	"POST /v1/templates/preview": {
		typescript: `const { value } = await minoots.templates.preview({
  template: "Hello \${params.name}",
  context: { params: { name: "John" } },
});
console.log(value);`,
		cli: 'minoots templates preview \'Hello ${params.name}\' --context \'{"params":{"name":"John"}}\'',
	},
	"PUT /v1/calendars/:name": {
		curl: `curl -X PUT $URL/v1/calendars/holidays \\
  -H "Authorization: Bearer $KEY" -d '{"dates":["2026-12-25","2026-12-26"]}'`,
		typescript: 'await minoots.calendars.put("holidays", { dates: ["2026-12-25", "2026-12-26"] });',
		cli: "minoots calendars put holidays --date 2026-12-25 --date 2026-12-26",
	},
	"GET /v1/calendars": {
		given: "calendar",
		typescript: "console.log(await minoots.calendars.list());",
		cli: "minoots calendars list",
	},
	"GET /v1/calendars/:name": {
		given: "calendar",
		typescript: "const { dates } = await minoots.calendars.get(name);\nconsole.log(dates);",
		cli: "minoots calendars get $NAME",
	},
	"DELETE /v1/calendars/:name": {
		given: "calendar",
		typescript: "await minoots.calendars.delete(name);",
		cli: "minoots calendars delete $NAME",
	},
};
