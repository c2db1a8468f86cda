/** The part of the parser's answer that tests look at; the package has no types. */
declare module "parse-prometheus-text-format" {
	type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: string };
	type ParsedFamily = { readonly name: string; readonly metrics: readonly Sample[] };
	export default function parse(text: string): readonly ParsedFamily[];
}
