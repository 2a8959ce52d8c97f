import { evaluateCase } from '../../src/render/evaluate-case.ts';
import { type Answer, askOracle } from './ask-oracle.ts';
import { DIFFERENCES, OTHER_WORDS } from './differences.ts';

/** Cases that the oracle is asked at once. */
const BATCH = 500;

/** What comparing many cases came to. */
export interface Comparison {
  outputs: number;
  errors: number;
  /** Errors whose text is the same too, or differs on purpose. */
  equalWords: number;
  /** Differences on purpose, by name. */
  readonly expected: Map<string, number>;
  /** All others: the case and both answers. */
  readonly unexpected: string[];
}

/** Asks the oracle and ourselves the same cases, each a line of JSON. */
export function compareAnswers(program: string, lines: readonly string[]): Comparison {
  const comparison: Comparison = {
    outputs: 0,
    errors: 0,
    equalWords: 0,
    expected: new Map(),
    unexpected: [],
  };
  for (let at = 0; at < lines.length; at += BATCH) {
    const batch = lines.slice(at, at + BATCH);
    const answers = askOracle(program, batch);
    batch.forEach((line, i) => {
      addAnswer(comparison, line, answers[i] as Answer);
    });
  }
  return comparison;
}

function addAnswer(comparison: Comparison, line: string, theirs: Answer): void {
  const ours = JSON.parse(evaluateCase(line)) as Answer;
  if (theirs.output === ours.output && isSamePhase(theirs, ours)) {
    addEqual(comparison, theirs, ours);
    return;
  }
  const known = DIFFERENCES.find(({ applies }) => applies(theirs, ours, line));
  if (known !== undefined) {
    comparison.expected.set(known.name, (comparison.expected.get(known.name) ?? 0) + 1);
  } else comparison.unexpected.push(`${line}\n  Go:   ${show(theirs)}\n  ours: ${show(ours)}`);
}

function addEqual(comparison: Comparison, theirs: Answer, ours: Answer): void {
  if (theirs.error === undefined) {
    comparison.outputs++;
    return;
  }
  comparison.errors++;
  if (hasSameWords(theirs, ours)) comparison.equalWords++;
}

/** Whether the texts of two errors are the same, or differ as they are meant to. */
export function hasSameWords(theirs: Answer, ours: Answer): boolean {
  return theirs.error === ours.error || OTHER_WORDS.some(({ words }) => words.test(theirs.error ?? ''));
}

/** A function of Go that panics beyond a template's reach still fails while the template runs. */
function isSamePhase(theirs: Answer, ours: Answer): boolean {
  return (theirs.phase === 'panic' ? 'exec' : theirs.phase) === ours.phase;
}

function show({ output, phase, error }: Answer): string {
  return output === undefined ? `${phase}: ${error}` : JSON.stringify(output);
}
