import type { CommandContext } from '../command-context.ts';
import { commandNames, createProgram } from '../program.ts';
import { COMMAND_SUMMARIES } from './command-summaries.ts';
import { type Candidate, type Completion, completeCommand, DIRECTIVES } from './complete.ts';
import { visibleOptions } from './find-position.ts';
import { createLiveValues } from './live-values.ts';

/** The hidden command that gives no descriptions; the one that does is `__complete`. */
const COMPLETE_PLAIN = '__completeNoDesc';

/** Characters of a description. */
const MAX_DESCRIPTION = 100;

/**
 * Answers what may stand for the last of the words, in the form of Cobra, which kubectl, flux and the scripts of
 * `completion` read: a candidate and its description on each line, then the directive.
 * https://github.com/spf13/cobra/blob/main/site/content/completions/_index.md
 */
export async function runComplete(
  [request, ...words]: readonly string[],
  context: CommandContext,
): Promise<string> {
  const { candidates, directive } = await completeWords(words, context);
  const lines = candidates.filter(isPrintable).map(({ value, description = '' }) => {
    const [first = ''] = description.split('\n');
    return request === COMPLETE_PLAIN || first === ''
      ? value
      : `${value}\t${first.slice(0, MAX_DESCRIPTION)}`;
  });
  return [...lines, `:${directive}`, ''].join('\n');
}

/** The first word names the command; whatever stands before it belongs to the program. */
async function completeWords(words: readonly string[], context: CommandContext): Promise<Completion> {
  const last = words.at(-1) ?? '';
  const at = words.slice(0, -1).findIndex((word) => !word.startsWith('-'));
  const name = words[at];
  if (name === undefined) return completeFirst(last, context);
  if (name === 'help') return completeFirst(last, context);
  const program = await createProgram(context, name);
  const command = program.commands.find((one) => one.name() === name);
  if (!command) return { candidates: [], directive: DIRECTIVES.noFiles };
  const rest = words.slice(at + 1);
  return completeCommand(command, rest, createLiveValues(command, rest, context));
}

async function completeFirst(text: string, context: CommandContext): Promise<Completion> {
  const all = text.startsWith('-') ? await programOptions(context) : commands();
  return { candidates: all.filter(({ value }) => value.startsWith(text)), directive: DIRECTIVES.noFiles };
}

function commands(): Candidate[] {
  return [...commandNames(), 'help'].map((value) => {
    const description = COMMAND_SUMMARIES.get(value);
    return { value, ...(description !== undefined && { description }) };
  });
}

async function programOptions(context: CommandContext): Promise<Candidate[]> {
  const program = await createProgram(context, 'version');
  return visibleOptions(program).flatMap(({ long, description }) =>
    long ? [{ value: long, description }] : [],
  );
}

/** Names that others gave must not reach a terminal as anything but names. */
function isPrintable({ value }: Candidate): boolean {
  return value !== '' && !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(value);
}
