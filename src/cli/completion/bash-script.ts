/**
 * The script for bash, from 3.2 on; it needs no other package. Bash cuts words at `=` and `:`, which are put together
 * again here, and takes back of a candidate only what follows the last cut.
 */
export function bashScript(programs: readonly string[]): string {
  return `# Completion of ${programs[0]} for bash.

__generatorset_complete() {
  local line=\${COMP_LINE:0:COMP_POINT} count=-1 i piece=
  local -a words
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if [[ $i -eq 0 || $line == [[:space:]]* ]]; then
      count=$((count + 1))
      words[count]=
      line=\${line#"\${line%%[![:space:]]*}"}
    fi
    piece=\${COMP_WORDS[i]}
    [[ $line == "$piece"* ]] || piece=$line
    words[count]+=$piece
    line=\${line#"$piece"}
  done

  local program=\${words[0]} word=\${words[count]} output directive
  [[ $program == '~/'* ]] && program=$HOME/\${program:2}
  words=("\${words[@]:1}")
  # The program takes words as they would reach it.
  output=$("$program" __complete "\${words[@]//\\\\/}" 2>/dev/null) || return 0
  directive=\${output##*:}
  output=\${output%:*}

  # What stands before the part of the word that bash replaces.
  local head=
  [[ $piece == [=:] ]] && piece=
  head=\${word%"$piece"}
  local flag=
  [[ $word == --*=* ]] && flag=\${word%%=*}=

  local value description tab=$'\\t' width=0
  local -a values descriptions
  COMPREPLY=()
  while IFS= read -r line; do
    value=\${line%%"$tab"*}
    description=
    [[ $line == *"$tab"* ]] && description=\${line#*"$tab"}
    # Whatever a name holds, it is one word, and never run.
    if [[ $value == *[!A-Za-z0-9_@%+=:,./^-]* ]]; then
      [[ $word != *[\\"\\']* ]] || continue
      printf -v value %q "$value"
    fi
    [[ -n $value && $flag$value == "$word"* ]] || continue
    value=$flag$value
    values+=("\${value#"$head"}")
    descriptions+=("$description")
    ((\${#value} > width)) && width=\${#value}
  done <<<"$output"

  for ((i = 0; i < \${#values[@]}; i++)); do
    # 63: the second key, which only lists.
    if [[ $COMP_TYPE -eq 63 && \${#values[@]} -gt 1 && -n \${descriptions[i]} ]]; then
      COMPREPLY+=("$(printf '%-*s  (%s)' "$width" "\${values[i]}" "\${descriptions[i]}")")
    else
      COMPREPLY+=("\${values[i]}")
    fi
  done
  if ((directive & 2)); then
    compopt -o nospace 2>/dev/null
  fi
  [[ \${#COMPREPLY[@]} -eq 0 ]] || return 0
  if ((directive & 16)); then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(compgen -d -- "$piece")
  elif ((!(directive & 4))); then
    compopt -o default 2>/dev/null
  fi
}

complete -F __generatorset_complete ${programs.join(' ')}
`;
}
