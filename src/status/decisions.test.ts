import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Decision } from '../api/decision.ts';
import type { JsonValue } from '../lib/json.ts';
import { DECISIONS, fromStatusDecisions, toStatusDecisions } from './decisions.ts';
import { readEntries } from './kept-list.ts';

const READ = {
  element: 'team-a',
  name: 'limit',
  value: '128Mi',
  since: '2026-01-01T00:00:00Z',
  rule: 'Computed',
  input: '104857600',
  previous: '64Mi',
};

const decision: fc.Arbitrary<Decision> = fc.record(
  {
    element: fc.string({ unit: 'binary', maxLength: 253 }),
    name: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/),
    value: fc.constantFrom('0', '128Mi', '1500m', '0.25', '7'),
    since: fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString()),
    rule: fc.constantFrom('Computed', 'DecreaseLimited', 'AtMaximum', 'AtMinimum'),
    input: fc.string({ maxLength: 200 }),
    previous: fc.constantFrom('64Mi', '2'),
  },
  { requiredKeys: ['element', 'name', 'value', 'since', 'rule', 'input'], noNullPrototype: true },
);

describe('decisions in a status', () => {
  it('are the same decisions when they are read again, in an order of their own', () => {
    const selector = ({ element, name }: Decision) => JSON.stringify([element, name]);
    fc.assert(
      fc.property(fc.uniqueArray(decision, { selector, maxLength: 20 }), (decisions) => {
        const written = toStatusDecisions(decisions);
        const read = readEntries(DECISIONS, JSON.parse(JSON.stringify(written)) as JsonValue);
        assert.deepEqual(read, written);
        const byId = (one: Decision, other: Decision) => (selector(one) < selector(other) ? -1 : 1);
        assert.deepEqual(fromStatusDecisions(read), [...decisions].sort(byId));
        assert.deepEqual(toStatusDecisions([...decisions].reverse()), written);
      }),
    );
  });

  it('are none where nothing is tuned', () => {
    assert.deepEqual(toStatusDecisions(undefined), []);
  });

  it('keep of an input what is needed as evidence', () => {
    const [written] = toStatusDecisions([{ ...READ, rule: 'Computed', input: 'x'.repeat(100_000) }]);
    assert.ok((written?.input.length ?? 0) <= 256);
  });

  const kept: [name: string, change: object, read: object][] = [
    ['of a set with one element', { element: undefined }, { element: undefined }],
    ['of a rule that another version knows', { rule: 'Predicted' }, { rule: 'Predicted' }],
    ['with a number', { value: '0.5' }, { value: '0.5' }],
    ['without the value before', { previous: undefined }, { previous: undefined }],
    ['with a value before that is none', { previous: 'much' }, { previous: undefined }],
    ['with an input that is too long', { input: 'x'.repeat(5000) }, { input: '' }],
    ['without an input', { input: undefined }, { input: '' }],
    ['with a field that another version knows', { more: 1 }, {}],
  ];
  for (const [name, change, read] of kept) {
    it(`are read ${name}`, () => {
      const item = JSON.parse(JSON.stringify({ ...READ, ...change })) as JsonValue;
      const expected = JSON.parse(JSON.stringify({ ...READ, ...read })) as JsonValue;
      assert.deepEqual(readEntries(DECISIONS, [item]), [expected]);
    });
  }

  const refused: [name: string, change: object][] = [
    ['a name that templates cannot write', { name: 'a b' }],
    ['a name that is too long', { name: 'a'.repeat(64) }],
    ['no name', { name: undefined }],
    ['a value that is no number', { value: 'NaN' }],
    ['a value that is not finite', { value: 'Infinity' }],
    ['a value that is too long', { value: '1'.repeat(65) }],
    ['a value that is a number of JSON', { value: 5 }],
    ['a time that is none', { since: '2026-13-01T00:00:00Z' }],
    ['a time in other words', { since: 'yesterday' }],
    ['an element that is no text', { element: ['a'] }],
    ['an element that is too long', { element: 'x'.repeat(5000) }],
    ['an element that is empty', { element: '' }],
    ['a rule that is no word', { rule: 'a\nb' }],
    ['no rule', { rule: undefined }],
  ];
  for (const [name, change] of refused) {
    it(`are not read with ${name}`, () => {
      const item = JSON.parse(JSON.stringify({ ...READ, ...change })) as JsonValue;
      assert.deepEqual(readEntries(DECISIONS, [item]), []);
    });
  }

  it('are read from anything without an error', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        readEntries(DECISIONS, value as JsonValue);
        readEntries(DECISIONS, [{ ...READ, ...(value as object) }] as JsonValue);
      }),
    );
  });
});
