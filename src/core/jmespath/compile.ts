/**
 * From the text of an expression to its tree, by the library's parser, with everything refused that
 * could fail for any data: unknown functions, wrong numbers of arguments. Compiled expressions are
 * kept, since the deliveries of a recurring timer have the same ones. See
 * docs/decisions/0008-jmespath.md.
 */
import { compile } from "@jmespath-community/jmespath";
import { LIMITS } from "../../contract/limits.ts";
import { err, ok, type Result } from "../result.ts";
import { canonicalise, type Dialect } from "./canonical.ts";
import { EXPRESSIONS_KEPT } from "./constants.ts";
import { type ExpressionError, expressionError, Fault } from "./errors.ts";
import { FUNCTIONS } from "./functions.ts";

/** A node of the tree; the library exports the type only through its function. */
export type Node = ReturnType<typeof compile>;

export type Expression = {
	readonly text: string;
	readonly root: Node;
	readonly dialect: Dialect;
};

const STRICT: Dialect = { lenient: false };

const kept = new Map<string, Result<Expression, ExpressionError>>();

/** Reads an expression; surrounding space does not count. */
export function compileExpression(
	text: string,
	dialect: Dialect = STRICT,
): Result<Expression, ExpressionError> {
	const trimmed = text.trim();
	if (trimmed.length > LIMITS.expressionLength) {
		const what = `has ${trimmed.length} characters; at most ${LIMITS.expressionLength} are read`;
		return err(expressionError(trimmed, "too_long", what));
	}
	const key = `${dialect.lenient ? "~" : "="}${trimmed}`;
	const known = kept.get(key);
	if (known !== undefined) return known;
	const compiled = read(trimmed, dialect);
	// Whatever is in use is soon back.
	if (kept.size >= EXPRESSIONS_KEPT) kept.clear();
	kept.set(key, compiled);
	return compiled;
}

function read(text: string, dialect: Dialect): Result<Expression, ExpressionError> {
	try {
		const root = parse(canonicalise(text, dialect));
		checkNode(root);
		return ok({ text, root, dialect });
	} catch (fault) {
		if (fault instanceof Fault) return err(expressionError(text, fault.reason, fault.message));
		// The only other throw is that of a stack that is used up.
		return err(expressionError(text, "too_large", "nests too deeply"));
	}
}

function parse(text: string): Node {
	try {
		return compile(text);
	} catch (error) {
		if (error instanceof RangeError) throw error;
		const why = error instanceof Error ? error.message : String(error);
		throw new Fault("syntax", `is not JMESPath (${why.replace(/^syntax( error)?[:,] */i, "")})`);
	}
}

/** @param isArgument whether the node is an argument of a function, where `&` may stand */
function checkNode(node: Node, isArgument = false): void {
	if (node.type === "Function") {
		const known = FUNCTIONS.get(node.name);
		if (known === undefined) {
			throw new Fault("unknown_function", `calls ${node.name}(), which does not exist`);
		}
		const { least, most } = known;
		if (node.children.length < least || node.children.length > most) {
			const expected = least === most ? `${least}` : `${least} or more`;
			const what = `gives ${node.name}() ${node.children.length} arguments; it takes ${expected}`;
			throw new Fault("invalid_arity", what);
		}
		for (const child of node.children) checkNode(child, true);
		return;
	}
	if (node.type === "ExpressionReference" && !isArgument) {
		throw new Fault("syntax", "has an & outside of a function's arguments");
	}
	if (node.type === "LetExpression" || node.type === "Binding" || node.type === "Variable") {
		throw new Fault("syntax", "has a variable; only JMESPath without let is read");
	}
	for (const child of childrenOf(node)) checkNode(child);
}

/** The nodes a node is made of. */
export function childrenOf(node: Node): readonly Node[] {
	switch (node.type) {
		case "Function":
		case "MultiSelectList":
			return node.children;
		case "MultiSelectHash":
			return node.children.map(({ value }) => value);
		case "FilterProjection":
			return [node.left, node.condition, node.right];
		case "Ternary":
			return [node.condition, node.trueExpr, node.falseExpr];
		case "Unary":
			return [node.operand];
		default:
			if ("left" in node) return [node.left, node.right];
			return "child" in node ? [node.child] : [];
	}
}
