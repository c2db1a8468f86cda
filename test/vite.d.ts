/** What Vite adds to a module, of which tests use one call: the texts of files by a pattern. */
interface ImportMeta {
	glob<Text extends string>(
		pattern: string,
		options: { readonly query: "?raw"; readonly import: "default"; readonly eager: true },
	): Record<string, Text>;
}
