import type { Argument, Command, Option } from 'commander';
import { findPosition, type Position, visibleOptions } from './find-position.ts';

/** One word that may stand there, and what it is. */
export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** What shells do beside showing candidates: the bits that Cobra gives them, of which other programs know the meaning. */
export const DIRECTIVES = { files: 0, noSpace: 2, noFiles: 4, folders: 16 } as const;

/** The candidates, and what the shell does beside. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

/** Words that are asked for outside of the command line: each answer is empty where nothing can be found. */
export interface LiveValues {
  setNames(): Promise<readonly string[]>;
  namespaces(): Promise<readonly string[]>;
  /** `contexts`, `clusters` or `users` of the kubeconfig. */
  kubeconfigNames(list: 'contexts' | 'clusters' | 'users'): Promise<readonly string[]>;
}

type AskNames = (live: LiveValues) => Promise<readonly string[]>;

/** Conditions of a set as people look for them. */
const STATUS_SELECTORS: readonly string[] = [
  'ready=false',
  'ready=true',
  'held=true',
  'stalled=true',
  'reconciling=true',
  'unwatched=true',
];

/** Options whose values are names that somebody knows. */
const NAMED: ReadonlyMap<string, AskNames> = new Map<string, AskNames>([
  ['--namespace', (live) => live.namespaces()],
  ['--flux-namespace', (live) => live.namespaces()],
  ['--context', (live) => live.kubeconfigNames('contexts')],
  ['--cluster', (live) => live.kubeconfigNames('clusters')],
  ['--user', (live) => live.kubeconfigNames('users')],
  ['--name', (live) => live.setNames()],
  ['--status-selector', async () => STATUS_SELECTORS],
  ['--for', async (live) => (await live.setNames()).map((name) => `GeneratorSet/${name}`)],
]);

/** What stands for a set of the cluster where a file may stand, too. */
const SET_PREFIX = 'gset/';

/** Completes the last of the words that follow the name of a command. */
export async function completeCommand(
  command: Command,
  words: readonly string[],
  live: LiveValues,
): Promise<Completion> {
  const position = findPosition(command, words);
  const { text } = position;
  const { candidates, directive } = await candidatesAt(command, position, live);
  return { candidates: candidates.filter(({ value }) => value.startsWith(text)), directive };
}

async function candidatesAt(command: Command, position: Position, live: LiveValues): Promise<Completion> {
  switch (position.kind) {
    case 'option':
      return { candidates: optionNames(command, position.text), directive: DIRECTIVES.noFiles };
    case 'value':
      return optionValues(position.option, live);
    case 'argument':
      return argumentValues(command, position, live);
  }
}

/** Long names; short ones where a single dash is all there is and no long one is begun. */
function optionNames(command: Command, text: string): Candidate[] {
  const isShort = text.startsWith('-') && !text.startsWith('--');
  return visibleOptions(command).flatMap(({ short, long, description }) => [
    ...(long ? [{ value: long, description }] : []),
    ...(short && isShort ? [{ value: short, description }] : []),
  ]);
}

async function optionValues(option: Option, live: LiveValues): Promise<Completion> {
  const { argChoices, flags } = option;
  if (argChoices) return only(argChoices);
  const names = NAMED.get(option.long ?? '');
  if (names) return only(await names(live));
  if (/<(?:file|path)>/.test(flags)) return { candidates: [], directive: DIRECTIVES.files };
  if (/<dir>/.test(flags)) return { candidates: [], directive: DIRECTIVES.folders };
  return only([]);
}

async function argumentValues(
  command: Command,
  { index, text }: { readonly index: number; readonly text: string },
  live: LiveValues,
): Promise<Completion> {
  const argument = argumentAt(command, index);
  if (!argument) return only([]);
  if (argument.argChoices) return only(argument.argChoices);
  const takesSets = command.options.some(({ long }) => long === '--context');
  switch (argument.name()) {
    case 'name':
      return only(takesSets ? await live.setNames() : []);
    case 'path':
    case 'set':
      return takesSets ? setOrFile(text, live) : { candidates: [], directive: DIRECTIVES.files };
    case 'file':
      return { candidates: [], directive: DIRECTIVES.files };
    case 'dir':
      return { candidates: [], directive: DIRECTIVES.folders };
    default:
      return only([]);
  }
}

/** Sets of the cluster only where somebody begins to name one: files are what is written most. */
async function setOrFile(text: string, live: LiveValues): Promise<Completion> {
  if (text.startsWith(SET_PREFIX)) return only((await live.setNames()).map((name) => `${SET_PREFIX}${name}`));
  if (text.length >= 2 && SET_PREFIX.startsWith(text))
    return { candidates: [{ value: SET_PREFIX }], directive: DIRECTIVES.noFiles + DIRECTIVES.noSpace };
  return { candidates: [], directive: DIRECTIVES.files };
}

function argumentAt(command: Command, index: number): Argument | undefined {
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}

function only(values: readonly string[]): Completion {
  return { candidates: values.map((value) => ({ value })), directive: DIRECTIVES.noFiles };
}
