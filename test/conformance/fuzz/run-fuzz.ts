import assert from 'node:assert/strict';
import fc from 'fast-check';
import { builtinFunctions } from '../../../src/render/functions/builtins.ts';
import { askOracle } from '../ask-oracle.ts';
import { type Comparison, compareAnswers } from '../compare-answers.ts';
import { cases } from './cases.ts';

/** Cases of a hundred that have Go's own functions alone. */
const PLAIN_SHARE = 20;

/** Differences that a failure shows. */
const SHOWN = 5;

/** Compares so many random cases; the same seed gives the same ones. Fails on a difference that is not on purpose. */
export function runFuzz(program: string, count: number, seed: number): Comparison {
  const comparison = compareAnswers(program, randomLines(program, count, seed));
  const { unexpected } = comparison;
  const shown = unexpected.slice(0, SHOWN).join('\n');
  assert.equal(unexpected.length, 0, `${unexpected.length} of ${count} differ, seed ${seed}:\n${shown}`);
  return comparison;
}

function randomLines(program: string, count: number, seed: number): string[] {
  const plain = Math.floor((count * PLAIN_SHARE) / 100);
  const known = knownFunctions(program);
  return [
    ...fc.sample(cases('sprig', known), { numRuns: count - plain, seed }),
    ...fc.sample(cases('none', known), { numRuns: plain, seed }),
  ].map((kase, i) => JSON.stringify({ ...kase, id: String(i) }));
}

/** What the oracle's templates may call. */
function knownFunctions(program: string): Set<string> {
  const [answer] = askOracle<{ functions: string[] }>(program, ['{"functions":"sprig"}']);
  return new Set([...(answer?.functions ?? []), ...builtinFunctions('go').map(({ name }) => name)]);
}
