/** `/v1/calendars`: named sets of dates, such as holidays, that schedules refer to. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { Calendar, CalendarPut, CalendarSummary, Listed } from "../types.ts";

export class Calendars {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** New, or in place of the one so called: its dates, or iCalendar as text. */
	put(name: string, calendar: CalendarPut, options?: CallOptions): Promise<CalendarSummary> {
		return this.#transport.call("PUT", pathOf(name), { ...options, body: calendar });
	}

	/** All of them, by name; a tenant has few. */
	async list(options?: CallOptions): Promise<readonly CalendarSummary[]> {
		const path = "/v1/calendars";
		const { items } = await this.#transport.call<Listed<CalendarSummary>>("GET", path, options);
		return items;
	}

	get(name: string, options?: CallOptions): Promise<Calendar> {
		return this.#transport.call("GET", pathOf(name), options);
	}

	/** Timers that name it keep the dates it had. */
	delete(name: string, options?: CallOptions): Promise<void> {
		return this.#transport.call("DELETE", pathOf(name), options);
	}
}

function pathOf(name: string): string {
	return `/v1/calendars/${encodeURIComponent(name)}`;
}
