/** What a handler of messages throws to say when its message is to come again. */

export class RetryLater extends Error {
	override readonly name = "RetryLater";
	readonly delayMs: number;

	/** @param reason kept with the message and shown if it is given up */
	constructor(reason: string, { delayMs }: { readonly delayMs: number }) {
		super(reason);
		this.delayMs = delayMs;
	}
}
