import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { COMPILED, PROGRAM } from '../harness/run-program.ts';

/** One thing that a page tells people to do: to write a file, or to run commands, with what these print. */
export type Step =
  | { readonly type: 'file'; readonly path: string; readonly text: string }
  | {
      readonly type: 'commands';
      readonly at: number;
      readonly shown: string;
      readonly commands: readonly string[];
    };

/** Where a page has its readers work. */
export const PLACE = '/tmp/first-set';
/** A server that nobody runs, in place of the one that a page names. */
const NOBODY = 'localhost:1';
const SERVER = 'localhost:9090';

const BLOCK = /(?<before>[^\n]*\n?[^\n]*)\n\n```(?<language>yaml|json|console)\n(?<text>[\s\S]*?)```/g;

/** The steps of a page, in order: blocks behind ``Save this as `path` ``, and consoles. */
export function readSteps(text: string): Step[] {
  return [...text.matchAll(BLOCK)].flatMap(({ 0: whole, index, groups = {} }): Step[] => {
    const { before = '', language, text: inner = '' } = groups;
    if (language === 'console') {
      const commands = [...inner.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command);
      return [{ type: 'commands', at: index + whole.lastIndexOf(inner), shown: inner, commands }];
    }
    const path = /[Ss]ave [^`]*as `([^`]+)`/.exec(before)?.[1];
    return path === undefined ? [] : [{ type: 'file', path, text: inner }];
  });
}

/** Takes a step in a folder; gives a console as it would be shown now. `env` is what the commands see besides. */
export async function takeStep(
  step: Step,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  if (step.type === 'file') {
    const path = join(folder, step.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, step.text.replaceAll(SERVER, NOBODY));
    return undefined;
  }
  const shown: string[] = [];
  for (const command of step.commands) shown.push(`$ ${command}\n${await runInShell(command, folder, env)}`);
  return shown.join('').replaceAll(NOBODY, SERVER).replaceAll(folder, PLACE);
}

/** What a command prints on a terminal without colours, whatever its exit code. */
function runInShell(
  command: string,
  folder: string,
  more: Readonly<Record<string, string>>,
): Promise<string> {
  const script = `generatorset() { '${process.execPath}' '${PROGRAM}' "$@"; }\n${command} 2>&1`;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_CACHE_HOME: join(folder, '.cache'),
    NODE_COMPILE_CACHE: COMPILED,
    GIT_CONFIG_GLOBAL: '/dev/null',
    NO_COLOR: '1',
    ...more,
  };
  return new Promise((resolve) => {
    execFile('bash', ['-c', script], { cwd: folder, env, timeout: 60_000 }, (_, stdout) => resolve(stdout));
  });
}

/** The text without what is another one each time: commits and times. */
export function forget(text: string): string {
  return text
    .replaceAll(/\b(?=[0-9a-f]*[0-9])[0-9a-f]{7,64}\b/g, '<hash>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>');
}
