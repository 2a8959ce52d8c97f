import assert from 'node:assert/strict';
import { nestsDeeper, stringifyJson } from '../../lib/json.ts';
import { parseAnswer } from './cluster-client-json.ts';

/** As deep as the API server stores. */
const LEVELS = 9_990;
const deepList = '['.repeat(LEVELS) + ']'.repeat(LEVELS);
const deepObject = `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`;

describe('parseAnswer', () => {
  for (const [what, deep] of [
    ['lists', deepList],
    ['objects', deepObject],
  ]) {
    it(`reads a collection of which one object has ${LEVELS} ${what} within each other`, () => {
      const text = `{"items": [{"n": 12345678901234567890}, {"n": ${deep}}, {"n": 2}]}`;
      const { items } = parseAnswer(text) as { items: { n: never }[] };
      assert.equal(items[0]?.n, 12345678901234567890n);
      assert.equal(items[2]?.n, 2);
      const written = stringifyJson(items[1] as never);
      // More than any pass takes, so that nobody uses what was cut off.
      assert.equal(nestsDeeper(written, 400), true);
    });
  }

  it('quotes nothing of what it cannot read', () => {
    for (const text of [
      '{"a": canary}',
      `{"a": canary, "b": ${deepList}}`,
      `{"a": 12345678901234567890, canary`,
    ]) {
      assert.throws(() => parseAnswer(text), {
        name: 'SyntaxError',
        message: 'the answer is not valid JSON',
      });
    }
  });
});
