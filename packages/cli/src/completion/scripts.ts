/** The shells that a script is written for. */
export const SHELLS: readonly string[] = ['bash', 'zsh'];

/** Asks `headwater complete` for each Tab: what it says is never older than the command. Works from bash 3.2 on. */
const BASH = `# headwater completion for bash. Load it with: source <(headwater completion bash)
_headwater() {
  local IFS=$'\\n' line also=nothing current="\${COMP_WORDS[COMP_CWORD]}"
  # After "--option=" the word at the cursor is the "=" itself.
  if [[ "$current" == "=" ]]; then current=""; fi
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$current")
  COMPREPLY=()
  while read -r line; do
    case "$line" in
      :*) also="\${line#:}" ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("$1" complete -- "\${words[@]}" 2>/dev/null)
  case "$also" in
    files) COMPREPLY=($(compgen -f -- "$current")) ;;
    directories) COMPREPLY=($(compgen -d -- "$current")) ;;
    *) return ;;
  esac
  compopt -o filenames 2>/dev/null
}
complete -F _headwater headwater
`;

const ZSH = `#compdef headwater
# headwater completion for zsh. Load it with: source <(headwater completion zsh), after compinit.
_headwater() {
  local line also=nothing tab=$'\\t'
  local -a found
  while IFS= read -r line; do
    case "$line" in
      :*) also="\${line#:}" ;;
      *$tab*) found+=("\${\${line%%$tab*}//:/\\\\:}:\${line#*$tab}") ;;
      *) found+=("\${line//:/\\\\:}") ;;
    esac
  done < <("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  case "$also" in
    files) _files ;;
    directories) _files -/ ;;
    *) _describe headwater found ;;
  esac
}
if [[ "$funcstack[1]" == _headwater ]]; then _headwater "$@"; else compdef _headwater headwater; fi
`;

/** What a shell loads to complete the command line of `headwater`. */
export const completionScript = (shell: string): string => (shell === 'zsh' ? ZSH : BASH);
