/** The script for zsh, to be sourced, or to stand as `_generatorset` in a folder of `fpath`. */
export function zshScript(programs: readonly string[]): string {
  const [program] = programs;
  return `#compdef ${programs.join(' ')}
# Completion of ${program} for zsh.

_generatorset() {
  local output directive line value description
  local -a before lines values suffix
  before=("\${(@Q)words[2,CURRENT-1]}")
  output=$("\${(Q)words[1]/#\\~\\//$HOME/}" __complete "\${before[@]}" "\${(Q)PREFIX}" 2>/dev/null) || return 1
  lines=("\${(@f)output}")
  directive=\${lines[-1]#:}
  lines[-1]=()
  [[ $PREFIX == --*=* ]] && compset -P '*='
  for line in "\${lines[@]}"; do
    [[ -n $line ]] || continue
    value=\${line%%$'\\t'*}
    description=
    [[ $line == *$'\\t'* ]] && description=\${line#*$'\\t'}
    values+=("\${value//:/\\\\:}\${description:+:$description}")
  done
  ((directive & 2)) && suffix=(-S '')
  if ((\${#values})); then
    _describe -t values value values "\${suffix[@]}"
  elif ((directive & 16)); then
    _files -/
  elif ((!(directive & 4))); then
    _files
  fi
}

if [[ \${funcstack[1]} == _generatorset ]]; then
  _generatorset "$@"
else
  (($+functions[compdef])) || { autoload -Uz compinit && compinit; }
  compdef _generatorset ${programs.join(' ')}
fi
`;
}
