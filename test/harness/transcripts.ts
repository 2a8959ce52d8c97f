import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ProgramResult } from './run-program.ts';

const FOLDER = new URL('../components/cli/', import.meta.url);

/** Stands for every digest. */
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** What differs from one run to the next, and what stands for it, in the same width where columns follow. */
const UNSTABLE: readonly [RegExp, string | ((found: string) => string)][] = [
  [/sha256:[0-9a-f]{64}/g, DIGEST],
  [/sha256:[0-9a-f]{8}\b/g, DIGEST.slice(0, 15)],
  [/(?!2026-01-31)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '2026-01-31T12:00:00Z'],
  [/\d+s(?= {3})/g, (found) => '5s'.padEnd(found.length)],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '00000000-0000-4000-8000-000000000000'],
];

/** A command and all that it printed, as a person sees it, with times and digests made the same in every run. */
export function transcriptOf(args: readonly string[], { stdout, stderr, code }: ProgramResult): string {
  const text = `$ generatorset ${args.join(' ')}\n${stdout}${stderr}${code === 0 ? '' : `exit code ${code}\n`}`;
  return UNSTABLE.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement as string),
    text,
  );
}

/** Compares transcripts with those that were looked at; with UPDATE=1 it writes them, to be looked at again. */
export async function compareTranscript(name: string, parts: readonly string[]): Promise<void> {
  const file = fileURLToPath(new URL(`${name}.txt`, FOLDER));
  const text = parts.join('\n');
  if (process.env['UPDATE'] === '1') await writeFile(file, text);
  assert.equal(text, await readFile(file, 'utf8'));
}
