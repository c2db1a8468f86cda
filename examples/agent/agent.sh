#!/bin/sh
# An agent in ten lines: `URL=… KEY=… agent.sh <mailbox> <command>…` gives the body of each message to
# the command and says what became of it. One message at a time, which sh alone can take apart.
messages=$URL/v1/mailboxes/$1/messages; shift
call() { curl -sS --fail-with-body --retry 3 -H "Authorization: Bearer $KEY" "$messages/$1" -d "$2"; }
while :; do
	pulled=$(call pull '{"batchSize":1,"waitMs":30000}') || { sleep 1; continue; }
	case $pulled in '{"messages":[]'*) continue ;; esac
	lease=${pulled#*'"leaseId":"'} body=${pulled#*'"body":'}
	if printf %s "${body%',"traceparent":'*}" | "$@"; then said='"acks":[{'; else said='"retries":[{"delayMs":1000,'; fi
	call ack "{$said\"leaseId\":\"${lease%%'"'*}\"}]}" && echo
done
