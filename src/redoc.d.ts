/** The reference's script is imported as text, by wrangler, by the build and by the test plugin alike. */
declare module "redoc/bundles/redoc.standalone.js" {
	const script: string;
	export default script;
}
