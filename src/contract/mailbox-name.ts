/** How mailboxes are named, by the actions that put into them and the calls that take from them. */
import { z } from "zod";
import { LIMITS } from "./limits.ts";

/** Lower and upper case, digits, dot, dash and underscore: what a path segment holds unescaped. */
export const MailboxNameSchema = z
	.string()
	.max(LIMITS.mailboxNameLength)
	.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "expected a mailbox name: A-Z, a-z, 0-9, dot, dash, _");
