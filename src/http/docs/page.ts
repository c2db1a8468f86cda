/**
 * The page that `/docs` answers: it loads Redoc, which renders `/openapi.json`. All of it comes from
 * here, so that it works wherever the network runs. What the reference says stands in the document.
 */

/**
 * Nothing from elsewhere loads or runs. Redoc styles its elements as it makes them, which needs
 * `unsafe-inline`, and searches in a worker that it makes of a blob.
 */
export const DOCS_CONTENT_SECURITY_POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'unsafe-inline'",
	"img-src 'self' data:",
	"connect-src 'self'",
	"worker-src blob:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Minoots API</title>
<link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
</head>
<body>
<div id="reference"></div>
<noscript><p>This page needs scripts. The same is in <a href="/openapi.json">openapi.json</a>.</p></noscript>
<script src="/docs/redoc.js"></script>
<script src="/docs/reference.js"></script>
</body>
</html>
`;

/**
 * Starts Redoc, and follows a problem's \`type\` (\`/docs#problem-not_found\`) to its line of the table:
 * Redoc knows only anchors of its own.
 */
export const DOCS_SCRIPT = `const OPTIONS = {
	expandResponses: "200,201",
	hideDownloadButton: false,
	jsonSampleExpandLevel: 3,
	nativeScrollbars: true,
	requiredPropsFirst: true,
	sortPropsAlphabetically: false,
	theme: { typography: { fontFamily: "system-ui, sans-serif", headings: { fontFamily: "system-ui, sans-serif" }, code: { fontFamily: "ui-monospace, monospace" } } },
};
const reference = document.getElementById("reference");

function showProblem() {
	const code = /^#problem-([a-z_]+)$/.exec(location.hash)?.[1];
	if (code === undefined) return;
	const cell = [...reference.querySelectorAll("td:first-child code")].find((one) => one.textContent === code);
	cell?.closest("tr").scrollIntoView({ block: "center" });
}

Redoc.init("/openapi.json", OPTIONS, reference, (error) => {
	if (error) reference.textContent = "The reference could not be shown: " + error.message;
	reference.dataset.shown = error ? "failed" : "true";
	showProblem();
});
addEventListener("hashchange", showProblem);
`;
