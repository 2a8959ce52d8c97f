/** The script for PowerShell, from 5.1 on. */
export function powershellScript(programs: readonly string[]): string {
  const names = programs.map((name) => `'${name}'`).join(', ');
  return `# Completion of ${programs[0]} for PowerShell.

Register-ArgumentCompleter -Native -CommandName ${names} -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    $program = $words[0]
    $before = @($words | Select-Object -Skip 1)
    if ($wordToComplete -ne '' -and $before.Count -gt 0) {
        $before = @($before | Select-Object -SkipLast 1)
    }
    # An empty word would be lost on its way to a program before version 7.3.
    $last = if ($wordToComplete -eq '' -and $PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { $wordToComplete }
    $lines = @(& $program __complete @before $last 2>$null)
    if ($lines.Count -eq 0) { return }
    $directive = [int]$lines[-1].Substring(1)
    $flag = if ($wordToComplete -match '^(--[^=]+=)') { $Matches[1] } else { '' }
    if ($lines.Count -gt 1) {
        $lines[0..($lines.Count - 2)] | ForEach-Object {
            $value, $description = $_ -split "\`t", 2
            if (-not $description) { $description = $value }
            $word = $value
            if ($value -notmatch '^[A-Za-z0-9_:./=-]+$') {
                # Whatever a name holds, it is one word, and never run.
                $word = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($value) + "'"
            }
            [System.Management.Automation.CompletionResult]::new("$flag$word", $value, 'ParameterValue', $description)
        }
    } elseif (($directive -band 4) -eq 0) {
        [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
    }
}
`;
}
