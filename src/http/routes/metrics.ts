/** The deployment's figures, for Prometheus. */
import { METRICS_OBJECTS } from "../../../durable-objects/metrics/constants.ts";
import { metricsOf } from "../../../durable-objects/shared/object-names.ts";
import { MetricsFold } from "../../core/metrics-fold.ts";
import { mergeGauges } from "../../core/metrics-gauges.ts";
import { formatMetrics, METRICS_TYPE } from "../../core/metrics-text.ts";
import { replyText } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

export const metricsRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/metrics",
		tag: "Health",
		summary: "Figures for Prometheus",
		description:
			"The text format, version 0.0.4. Counters and histograms of the whole deployment, at most ten seconds old, and gauges with their age. No label names a tenant.",
		auth: "operator",
		responses: { 200: { description: "The figures", contentType: "text/plain" } },
		async handle({ env }) {
			// All or none: a sum without one of its parts would fall, and be taken for a restart.
			const parts = await Promise.all(
				Array.from({ length: METRICS_OBJECTS }, (_, index) => metricsOf(env, index).read()),
			);
			const totals = new MetricsFold();
			for (const part of parts) totals.add(part.totals);
			const gauges = mergeGauges(parts.map((part) => part.gauges));
			return replyText(METRICS_TYPE, formatMetrics(totals.read(), gauges));
		},
	}),
];
