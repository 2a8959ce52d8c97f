import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProgramResult, runProgram } from './run-program.ts';
import { useTemporaryFolder } from './temporary-folder.ts';

/** The text of a set that gives two ConfigMaps, `a` and `b`, and has no target. */
export const LIST_SET = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata:
  name: list
spec:
  interval: 5s
  generators:
    - list:
        elements:
          - {name: a, size: 1}
          - {name: b, size: 2}
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: "{{ .Element.name }}"
        data:
          size: "{{ .Element.size }}"
`;

/** The set with another generator instead of its list. */
export function listSetWith(generator: string): string {
  return LIST_SET.replace(/- list:[\s\S]*?(?=\n {2}templates)/, `- ${generator}`);
}

/** The program as one person runs it, with files in a folder of their own for each test. */
interface CommandLine {
  readonly folder: { readonly path: string };
  env(): Record<string, string>;
  run(...args: string[]): Promise<ProgramResult>;
  /** Writes a file into the folder, and gives its path. */
  writeSet(text: string, name?: string): Promise<string>;
}

/** A folder, a cache and a way to run the program for each test of a suite. Call it in a `describe`. */
export function useCommandLine(): CommandLine {
  const folder = useTemporaryFolder();
  const env = () => ({ XDG_CACHE_HOME: join(folder.path, 'cache') });
  return {
    folder,
    env,
    run: (...args) => runProgram(args, { env: env() }),
    async writeSet(text, name = 'set.yaml') {
      const file = join(folder.path, name);
      await writeFile(file, text);
      return file;
    },
  };
}
