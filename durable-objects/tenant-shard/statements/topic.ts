/** The statements of topics and their listeners. Part of the store, like all of a shard. */
import type { Sql } from "../../shared/sql.ts";

export type TopicRow = { name: string; published_at: number; event: string };
export type WindowRow = { timer: number; key: string; firing: number | null; until: number };

export function topicStatements(sql: Sql) {
	return {
		getTopic: sql.prepare<TopicRow, [name: string]>(
			"SELECT name, published_at, event FROM topic WHERE name = ?",
		),
		topicsAfter: sql.prepare<TopicRow, [name: string, limit: number]>(
			"SELECT name, published_at, event FROM topic WHERE name > ? ORDER BY name LIMIT ?",
		),
		putTopic: sql.prepare<never, [name: string, publishedAt: number, event: string]>(
			"INSERT OR REPLACE INTO topic (name, published_at, event) VALUES (?, ?, ?)",
		),
		countTopics: sql.prepare<{ n: number }>("SELECT count(*) AS n FROM topic"),
		/** The topics that nothing was published under for the longest time. */
		deleteOldTopics: sql.prepare<never, [limit: number]>(
			`DELETE FROM topic WHERE name IN
			 (SELECT name FROM topic ORDER BY published_at LIMIT ?)`,
		),

		putListener: sql.prepare<never, [topic: string, timer: number]>(
			"INSERT OR IGNORE INTO topic_listener (topic, timer) VALUES (?, ?)",
		),
		listenersAfter: sql.prepare<{ timer: number }, [topic: string, timer: number, limit: number]>(
			"SELECT timer FROM topic_listener WHERE topic = ? AND timer > ? ORDER BY timer LIMIT ?",
		),
		deleteListener: sql.prepare<never, [topic: string, timer: number]>(
			"DELETE FROM topic_listener WHERE topic = ? AND timer = ?",
		),

		getWindow: sql.prepare<WindowRow, [timer: number, key: string]>(
			"SELECT timer, key, firing, until FROM topic_window WHERE timer = ? AND key = ?",
		),
		putWindow: sql.prepare<
			never,
			[timer: number, key: string, firing: number | null, until: number]
		>("INSERT OR REPLACE INTO topic_window (timer, key, firing, until) VALUES (?, ?, ?, ?)"),
		deleteWindows: sql.prepare<never, [timer: number]>("DELETE FROM topic_window WHERE timer = ?"),
		/** A few windows that have ended, whosever they are. */
		deleteEndedWindows: sql.prepare<never, [now: number, limit: number]>(
			`DELETE FROM topic_window WHERE (timer, key) IN
			 (SELECT timer, key FROM topic_window WHERE until <= ? ORDER BY until LIMIT ?)`,
		),

		getMet: sql.prepare<{ timer: number }, [timer: number]>(
			"SELECT timer FROM condition_met WHERE timer = ?",
		),
		putMet: sql.prepare<never, [timer: number]>("INSERT INTO condition_met (timer) VALUES (?)"),
		deleteMet: sql.prepare<never, [timer: number]>("DELETE FROM condition_met WHERE timer = ?"),
		/** When a condition is looked at next. That it was looked at is no change of the timer. */
		placePoll: sql.prepare<never, [due: number, fireAt: number, id: number]>(
			"UPDATE timer SET due = ?, fire_at = ? WHERE id = ?",
		),
		numberFirings: sql.prepare<never, [firing: number, lastFiring: number, id: number]>(
			"UPDATE timer SET firing = ?, last_firing = ? WHERE id = ?",
		),
		setTrail: sql.prepare<never, [trail: string, id: number]>(
			"UPDATE timer SET trail = ? WHERE id = ?",
		),

		getSeen: sql.prepare<{ id: string }, [id: string]>("SELECT id FROM topic_seen WHERE id = ?"),
		putSeen: sql.prepare<never, [id: string, seenAt: number]>(
			"INSERT INTO topic_seen (id, seen_at) VALUES (?, ?)",
		),
		deleteOldSeen: sql.prepare<never, [seenBy: number, limit: number]>(
			`DELETE FROM topic_seen WHERE id IN
			 (SELECT id FROM topic_seen WHERE seen_at <= ? ORDER BY seen_at LIMIT ?)`,
		),
	} as const;
}
