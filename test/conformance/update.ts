// Asks an oracle, a program of real Go with Sprig, for the expected results again:
//   node test/conformance/update.ts /path/to/oracle [FILE ...]
// FILE is a name below corpus/ without its ending; all of them without one.
import { spawnSync } from 'node:child_process';
import { caseLine, corpusFiles, type Entry, readEntries, writeEntries } from './corpus.ts';

interface Answer {
  readonly output?: string;
  readonly error?: string;
  readonly phase?: string;
}

/** The oracle's answers to cases, in their order. Its clock is set to UTC. */
function askOracle(oracle: string, lines: readonly string[]): Answer[] {
  const result = spawnSync(oracle, {
    input: `${lines.join('\n')}\n`,
    env: { TZ: 'UTC' },
    maxBuffer: 2 ** 30,
  });
  if (result.status !== 0) throw new Error(`the oracle failed: ${result.stderr}`);
  return result.stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

function updateFile(oracle: string, file: string): number {
  const entries = readEntries(file);
  const asked = entries.filter((entry) => !entry.byHand);
  if (asked.length === 0) return 0;
  const answers = askOracle(
    oracle,
    asked.map((entry) => caseLine(entry.case)),
  );
  const answered = new Map(asked.map((entry, i) => [entry, answers[i] as Answer]));
  const updated = entries.map((entry): Entry => {
    const answer = answered.get(entry);
    if (answer === undefined) return entry;
    const { output, error, phase } = answer;
    return output === undefined ? { case: entry.case, error, phase } : { case: entry.case, output };
  });
  writeEntries(file, updated);
  return asked.length;
}

const [oracle, ...named] = process.argv.slice(2);
if (oracle === undefined) throw new Error('usage: node test/conformance/update.ts ORACLE [FILE ...]');
for (const file of named.length > 0 ? named : corpusFiles()) {
  process.stdout.write(`${file}: ${updateFile(oracle, file)} cases\n`);
}
