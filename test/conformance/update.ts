// Asks the oracle, real Go with Sprig, for the expected results again:
//   node test/conformance/update.ts [/path/to/oracle] [FILE ...]
// FILE is a name below corpus/ without its ending; all of them without one. The oracle is built where none is named.
import { type Answer, askOracle } from './ask-oracle.ts';
import { findOracle } from './build-oracle.ts';
import { caseLine, corpusFiles, type Entry, readEntries, writeEntries } from './corpus.ts';

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

const words = process.argv.slice(2);
const named = words.filter((word) => !word.includes('/'));
const oracle = findOracle(words.find((word) => word.includes('/')));
for (const file of named.length > 0 ? named : corpusFiles()) {
  process.stdout.write(`${file}: ${updateFile(oracle, file)} cases\n`);
}
