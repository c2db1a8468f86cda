#!/bin/sh
# The work for `agent.sh`: does the commands and writes the files that timers of the founding module
# name. Only a command that is a line of the file $ALLOWED runs; files stay in the folder $FILES.
message=$(cat)
field() { printf %s "$message" | jq -j --rawfile allowed "$ALLOWED" "$1"; }
refuse() { echo "$1 is not allowed here"; exit 1; }

COMMAND='.command.command // empty | if type == "object" then .command else . end'
if [ -n "$(field "$COMMAND")" ]; then
	command=$(field "$COMMAND | select(IN(\$allowed | split(\"\\n\")[]))")
	[ -n "$command" ] || refuse "$(field "$COMMAND")"
	sh -c "$command" || exit
fi

FILE='.command.file_write // empty | if type == "object" then . else {file: .} end'
file=$(field "$FILE | .file // \"timer_output.txt\"")
case $file in
'') exit ;;
*/*) refuse "$file" ;;
esac
field "$FILE | .content // \"\"" >"$FILES/$file" && echo "wrote $file"
