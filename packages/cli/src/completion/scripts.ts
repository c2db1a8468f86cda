/**
 * What each shell is given: a few lines that ask `minoots completion <shell> -- …` whenever Tab is
 * pressed. They evaluate nothing of what was typed, and need no library of completions.
 *
 * The answer has a candidate a line, behind a tab its description, and lines that begin with a colon:
 * `:files` for names of files, `:nospace` where the word goes on.
 */

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** From bash 3.2 on, which macOS has. */
const BASH = `# Completion of minoots for bash. In ~/.bashrc: source <(minoots completion bash)
_minoots() {
	local line files=
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
			:files) files=1 ;;
			:nospace) compopt -o nospace 2>/dev/null ;;
			*) COMPREPLY[\${#COMPREPLY[@]}]=$line ;;
		esac
	done <<< "$(minoots completion bash -- "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)"
	if [ "\${#COMPREPLY[@]}" = 1 ] && [ -z "\${COMPREPLY[0]}" ]; then COMPREPLY=(); fi
	if [ -z "$files" ]; then compopt +o default 2>/dev/null; fi
}
complete -o default -F _minoots minoots
`;

const ZSH = `#compdef minoots
# Completion of minoots for zsh. In ~/.zshrc, after compinit: source <(minoots completion zsh)
_minoots() {
	local line files nospace
	local -a values shown
	while IFS= read -r line; do
		case $line in
			(:files) files=1 ;;
			(:nospace) nospace=1 ;;
			(?*)
				values+=("\${line%%$'\\t'*}")
				shown+=("\${line/$'\\t'/  -- }")
				;;
		esac
	done < <(minoots completion zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
	if (( $#values )); then
		local -a extra
		[[ -n $nospace ]] && extra=(-S '')
		compadd -l $extra -d shown -a values
	fi
	if [[ -n $files ]]; then _files; fi
}
if [[ \${funcstack[1]} = _minoots ]]; then _minoots "$@"; else compdef _minoots minoots; fi
`;

const FISH = `# Completion of minoots for fish. Once: minoots completion fish > ~/.config/fish/completions/minoots.fish
function __minoots_complete
	set -l words (commandline -opc) (commandline -ct)
	for line in (minoots completion fish -- $words[2..] 2>/dev/null)
		switch $line
			case :files
				__fish_complete_path (commandline -ct)
			case ':*'
			case '*'
				echo $line
		end
	end
end
complete -c minoots -f -a '(__minoots_complete)'
`;

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
