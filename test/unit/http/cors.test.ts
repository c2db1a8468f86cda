import { expect, it } from "vitest";
import { corsHeaders, preflightHeaders } from "../../../src/http/cors.ts";
import { openApiDocument } from "../../../src/http/openapi/document.ts";
import { objectOf, textOf } from "../../../src/http/openapi/json-access.ts";
import { routesOf } from "../../../src/http/routes/all.ts";

const COMPONENTS = objectOf(openApiDocument(routesOf({ DEV_CLOCK: "on" }))["components"]);
const ORIGIN = "https://app.example";

function namesIn(list: string | undefined): readonly string[] {
	return (list ?? "").toLowerCase().split(", ");
}

it("[HTTP-10] lets pages send every header that the API takes", () => {
	const parameters = Object.values(objectOf(COMPONENTS["parameters"])).map(objectOf);
	const taken = parameters.map(({ name }) => textOf(name).toLowerCase());
	expect(taken).toContain("idempotency-key");
	const allowed = namesIn(preflightHeaders(["GET"])["access-control-allow-headers"]);
	expect(allowed).toEqual(expect.arrayContaining([...taken, "authorization", "content-type"]));
});

it("[HTTP-10] lets pages read every header that the API answers with", () => {
	const answered = Object.keys(objectOf(COMPONENTS["headers"])).map((name) => name.toLowerCase());
	expect(answered).toContain("retry-after");
	const cors = corsHeaders(ORIGIN, new Headers({ origin: ORIGIN }));
	const exposed = namesIn(cors["access-control-expose-headers"]);
	expect(exposed).toEqual(expect.arrayContaining(answered));
});
