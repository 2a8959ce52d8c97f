/** The script for fish, from 3.0 on. */
export function fishScript(programs: readonly string[]): string {
  return `# Completion of ${programs[0]} for fish.

function __generatorset_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l lines ($program __complete $words "$word" 2>/dev/null)
    set -q lines[1]; or return
    set -l directive (string sub -s 2 -- $lines[-1])
    set -e lines[-1]
    # Fish replaces the whole word.
    set -l flag (string match -r -- '^--[^=]+=' "$word")
    if set -q lines[1]
        for line in $lines
            printf '%s%s\\n' "$flag" "$line"
        end
        return
    end
    set -l text (string replace -r -- '^--[^=]+=' '' "$word")
    if test (math "bitand($directive, 16)") -ne 0
        for path in (__fish_complete_directories "$text" '')
            printf '%s%s\\n' "$flag" "$path"
        end
    else if test (math "bitand($directive, 4)") -eq 0
        for path in (__fish_complete_path "$text")
            printf '%s%s\\n' "$flag" "$path"
        end
    end
end

for program in ${programs.join(' ')}
    complete -c $program -e
    complete -c $program -f -a '(__generatorset_complete)'
end
`;
}
