#!/bin/sh
# An agent by curl and jq: `MINOOTS_URL=… MINOOTS_API_KEY=… agent.sh <mailbox> <command>…` gives the
# body of each message to the command, acknowledges it with the output, or gives it back if it fails.
messages=$MINOOTS_URL/v1/mailboxes/$1/messages; shift
call() { printf 'header = "Authorization: Bearer %s"' "$MINOOTS_API_KEY" | curl -sS --fail-with-body --retry 3 -m 60 -K - "$messages/$1" -d "$2"; }
while :; do
	pulled=$(call pull '{"batchSize":1,"waitMs":30000}') || { sleep 1; continue; }
	message=$(printf %s "$pulled" | jq -ce '.messages[0]') || { [ $? = 1 ] || sleep 1; continue; }
	if output=$(printf %s "$message" | jq -c .body | "$@"); then done='{acks: [{leaseId, result: {$output}}]}'; else
		done='{retries: [{leaseId, delayMs: 1000, reason: "the command failed: \($output[-200:])"}]}'; fi
	call ack "$(printf %s "$message" | jq -c --arg output "$(printf %s "$output" | tail -c 1000)" "$done")" && echo
done
