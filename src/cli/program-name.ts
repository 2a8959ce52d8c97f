import { basename } from 'node:path';

/** What the program is called by itself, and as a plugin of others. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['flux-generatorset', 'flux generatorset'],
  ['kubectl-generatorset', 'kubectl generatorset'],
]);

/** The executable that kubectl asks for completions of its plugin, by this name. */
const KUBECTL_COMPLETE = 'kubectl_complete-generatorset';

/** The words that call the program, by the name of the file that was started: a plugin is called by its host. */
export function programName(file: string | undefined): string {
  const name = startedAs(file);
  return NAMES.get(name === KUBECTL_COMPLETE ? 'kubectl-generatorset' : name) ?? 'generatorset';
}

/** The words of the command line; as kubectl's completion the program has but one command. */
export function commandWords(file: string | undefined, words: readonly string[]): readonly string[] {
  return startedAs(file) === KUBECTL_COMPLETE ? ['__complete', ...words] : words;
}

/** Links keep the name that they were called by; programs of Windows have endings. */
function startedAs(file = ''): string {
  return basename(file).replace(/\.(?:cmd|exe|ps1|cjs|js)$/i, '');
}
