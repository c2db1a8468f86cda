/** `.sql` files are imported as text, by wrangler, by the build and by the test plugin alike. */
declare module "*.sql" {
	const text: string;
	export default text;
}
