import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { flush, logLine } from "../../../durable-objects/shared/log.ts";

const NOW = Date.UTC(2026, 11, 1, 9);
const exec = { waitUntil: vi.fn() };
const log = vi.spyOn(console, "log");

beforeEach(() => {
	vi.useFakeTimers();
	log.mockReset().mockImplementation(() => undefined);
	exec.waitUntil.mockReset();
});

afterEach(() => {
	vi.runAllTimers();
	flush();
	vi.useRealTimers();
});

function lines(): readonly string[] {
	return log.mock.calls.flatMap(([text]) => String(text).split("\n"));
}

it("[LOG-1] writes one JSON object a line, with the time as RFC 3339", () => {
	logLine({ RUNTIME: "edge" }, { at: NOW, kind: "tick", claimed: 3 }, exec);
	expect(lines()).toEqual(['{"at":"2026-12-01T09:00:00.000Z","kind":"tick","claimed":3}']);
});

it("[LOG-1] a line stays one line whatever the values hold", () => {
	logLine({ RUNTIME: "edge" }, { at: NOW, kind: "x", error: "a\nb\r\u2028c" }, exec);
	expect(lines()).toHaveLength(1);
});

it("[LOG-3] joins lines on the local runtime for 100 ms, kept alive by the request", () => {
	logLine({ RUNTIME: "local" }, { at: NOW, kind: "a" }, exec);
	logLine({ RUNTIME: "local" }, { at: NOW + 99, kind: "b" }, exec);
	expect(log).not.toHaveBeenCalled();
	expect(exec.waitUntil).toHaveBeenCalledTimes(1);
	vi.advanceTimersByTime(100);
	expect(log).toHaveBeenCalledTimes(1);
	expect(lines()).toHaveLength(2);
});

it("[LOG-3] writes at once when 16 KiB wait", () => {
	for (let i = 0; i < 150; i++) {
		logLine({ RUNTIME: "local" }, { at: NOW, kind: "x".repeat(100) }, exec);
	}
	expect(log).toHaveBeenCalledTimes(1);
	flush();
	expect(lines()).toHaveLength(150);
});

it("[LOG-3] a flush that died with its request is made up for by the next line", () => {
	logLine({ RUNTIME: "local" }, { at: NOW, kind: "a" }, exec);
	vi.clearAllTimers();
	logLine({ RUNTIME: "local" }, { at: NOW + 201, kind: "b" }, exec);
	expect(lines()).toHaveLength(2);
	logLine({ RUNTIME: "local" }, { at: NOW + 202, kind: "c" }, exec);
	expect(exec.waitUntil).toHaveBeenCalledTimes(2);
	vi.advanceTimersByTime(100);
	expect(lines()).toHaveLength(3);
});
