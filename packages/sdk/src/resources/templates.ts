/** `/v1/templates`: what a template resolves to, without a timer. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { TemplatePreview, TemplatePreviewAnswer } from "../types.ts";

export class Templates {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	preview(input: TemplatePreview, options?: CallOptions): Promise<TemplatePreviewAnswer> {
		return this.#transport.call("POST", "/v1/templates/preview", { ...options, body: input });
	}
}
