import { addAbortSignal, Readable } from 'node:stream';
import { readLines } from './read-lines.ts';
import type { Streams } from './streams.ts';

/** Longer answers are no answers. */
const MAX_ANSWER = 1000;

/**
 * Asks a person on the terminal a question that is answered with y or yes. Throws where nobody can be asked; the
 * message names the option that answers in advance.
 */
export async function confirm(
  question: string,
  { stdin, stderr }: Streams,
  { option, signal }: { option: string; signal: AbortSignal },
): Promise<boolean> {
  if ((stdin as { isTTY?: boolean }).isTTY !== true)
    throw new Error(`there is no terminal to ask on: give ${option} to go on without being asked`);
  signal.throwIfAborted();
  stderr.write(`${question} [y/N] `);
  // An open terminal would keep the process from its end.
  if (stdin instanceof Readable) addAbortSignal(signal, stdin);
  const answer = await firstLine(stdin);
  return /^y(es)?$/i.test(answer.trim());
}

async function firstLine(stdin: Streams['stdin']): Promise<string> {
  for await (const line of readLines(stdin, MAX_ANSWER)) return line;
  return '';
}
