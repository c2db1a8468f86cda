/** Every sample there is. A new resource adds its line here. */
import { DELIVERY_SAMPLES } from "./deliveries.ts";
import type { Samples } from "./sample.ts";
import { TENANT_SAMPLES } from "./tenants.ts";
import { TIMER_SAMPLES } from "./timers.ts";
import { WAYS_IN_SAMPLES } from "./ways-in.ts";

export const SAMPLES: Samples = {
	...TIMER_SAMPLES,
	...DELIVERY_SAMPLES,
	...TENANT_SAMPLES,
	...WAYS_IN_SAMPLES,
};
