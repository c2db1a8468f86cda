/** How an expression fails, as a value; and the throw by which its evaluation stops half-way. */

export type ExpressionError = {
	readonly reason:
		| "syntax"
		| "unknown_function"
		| "invalid_arity"
		| "invalid_type"
		| "invalid_value"
		| "too_long"
		| "too_large"
		| "too_costly";
	/** The expression as it was written. */
	readonly expression: string;
	/** Names the expression and says what is wrong with it. */
	readonly message: string;
};

/** Never leaves `compile.ts` and `evaluate.ts`: unwinds the recursion, and becomes a value there. */
export class Fault extends Error {
	readonly reason: ExpressionError["reason"];

	constructor(reason: ExpressionError["reason"], message: string) {
		super(message);
		this.reason = reason;
	}
}

/** Characters of an expression that an error repeats. */
const SHOWN_LENGTH = 200;

export function expressionError(
	expression: string,
	reason: ExpressionError["reason"],
	what: string,
): ExpressionError {
	const shown =
		expression.length > SHOWN_LENGTH ? `${expression.slice(0, SHOWN_LENGTH)}…` : expression;
	return { reason, expression: shown, message: `the expression ${shown} ${what}` };
}
