/**
 * What people type in Slack as the text of an action, where `${…}` would be a template: marked so
 * that it comes out as it was typed, and back.
 */
import { TEMPLATE_MARK } from "../template/scan.ts";

/** An expression that is the mark itself. */
const MARK_EXPRESSION = `${TEMPLATE_MARK}'${TEMPLATE_MARK}'}`;

export function toPlainTemplate(text: string): string {
	return text.replaceAll(TEMPLATE_MARK, MARK_EXPRESSION);
}

export function fromPlainTemplate(template: string): string {
	return template.replaceAll(MARK_EXPRESSION, TEMPLATE_MARK);
}
