/** Why a destination was refused. `reason` is for programs, `message` for the person who wrote it. */

import { type Err, err } from "../result.ts";

export type DestinationRefusal =
	| "too_long"
	| "not_a_url"
	| "scheme_not_allowed"
	| "credentials_in_url"
	| "invalid_name"
	| "inward_name"
	| "special_address"
	| "loopback_not_allowed"
	| "own_port";

export type DestinationError = {
	readonly reason: DestinationRefusal;
	/** What came and what is expected. Never holds the URL's credentials, path or query. */
	readonly message: string;
};

export function refuse(reason: DestinationRefusal, message: string): Err<DestinationError> {
	return err({ reason, message });
}
