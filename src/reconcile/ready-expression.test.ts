import assert from 'node:assert/strict';
import { processorTime } from '../../test/harness/processor-time.ts';
import type { JsonObject } from '../lib/json.ts';
import { ExpressionError, parseReadyExpression } from './ready-expression.ts';

const dep: JsonObject = {
  metadata: { name: 'a', generation: 4, labels: { 'x/y': 'z' } },
  status: {
    ready: 2,
    share: 0.5,
    big: 12345678901234567890n,
    phase: 'Bound',
    conditions: [
      { type: 'Synced', status: 'False' },
      { type: 'Ready', status: 'True', observedGeneration: 4 },
    ],
  },
};
const self: JsonObject = { metadata: { name: 's', namespace: 'a' } };

describe('parseReadyExpression', () => {
  const cases: [text: string, result: boolean][] = [
    ['true', true],
    ['dep.status.ready >= 1', true],
    ['dep.status.ready > 2', false],
    ['dep.metadata.generation % 2 == 0', true],
    ['dep.status.share < 0.6', true],
    ['dep.status.big > 12345678901234567889u', true],
    ['dep.metadata.labels["x/y"] == "z"', true],
    ['has(dep.status.missing)', false],
    ['has(dep.constructor) || has(dep.__proto__) || "toString" in dep', false],
    ['self.metadata.namespace == dep.metadata.name', true],
    [
      'dep.status.conditions.exists(c, c.type == "Ready" && c.status == "True" && c.observedGeneration == dep.metadata.generation)',
      true,
    ],
    ['dep.status.conditions.filter(c, c.type == "Ready").all(c, c.status == "True")', true],
    ['dep.status.phase.matches("^B")', true],
    ['timestamp("2026-01-01T00:00:00Z") < timestamp("2027-01-01T00:00:00Z")', true],
  ];
  for (const [text, result] of cases) {
    it(`finds ${text} to be ${result}`, () =>
      assert.equal(parseReadyExpression(text)({ self, dep }), result));
  }

  const mistakes: [text: string, message: RegExp][] = [
    ['', /unexpected token/],
    ['dep.status.ready >=', /unexpected token/],
    ['status.ready >= 1', /^unknown variable: status$/],
    ['dep', /^gives a map, must give a bool$/],
    ['dep.status.size() + 1', /^gives a int, must give a bool$/],
    ['"a" + 1 == "a1"', /^no such overload/],
    ['now() > timestamp("2026-01-01T00:00:00Z")', /^found no matching overload/],
    [`${'('.repeat(100)}true${')'.repeat(100)}`, /maxDepth/],
    [`true${' && true'.repeat(600)}`, /maxAstNodes/],
  ];
  for (const [text, message] of mistakes) {
    it(`refuses ${JSON.stringify(text.slice(0, 50))}`, () =>
      assert.throws(
        () => parseReadyExpression(text),
        (error: Error) =>
          error instanceof ExpressionError && message.test(error.message) && !error.message.includes('\n'),
      ));
  }

  it('cannot use what turns out to be no bool', () => {
    const expression = parseReadyExpression('dep.status.phase');
    assert.throws(() => expression({ self, dep }), { name: 'ExpressionError', message: /^gives no bool/ });
  });

  const failures: [text: string, message: RegExp][] = [
    ['dep.status.missing == 1', /^no such key: missing$/],
    ['int(dep.status.phase) == 1', /^failed: [a-z ]+$/],
  ];
  for (const [text, message] of failures) {
    it(`says that ${text} cannot be told yet, and shows no value`, () => {
      const expression = parseReadyExpression(text);
      assert.throws(
        () => expression({ self, dep }),
        (error: Error) => {
          assert.ok(!(error instanceof ExpressionError));
          assert.ok(!error.message.includes('Bound'), error.message);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  const items = Array.from({ length: 5000 }, (_, i) => i);
  const bombs = [
    'dep.items.all(a, dep.items.all(b, dep.items.all(c, a + b + c >= 0)))',
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")',
    'dep.items.map(a, dep.items.map(b, dep.items)).size() > 0 && dep.items.all(a, dep.items.all(b, dep.items.all(c, true)))',
  ];
  for (const text of bombs) {
    it(`stops ${text.slice(0, 40)}... after 250 ms`, () => {
      const expression = parseReadyExpression(text);
      const begun = processorTime();
      assert.throws(() => expression({ self, dep: { items } }), /took longer than 250 ms/);
      assert.ok(processorTime() - begun < 2000);
      assert.equal(parseReadyExpression('dep.status.ready >= 1')({ self, dep }), true, 'and goes on');
    });
  }
});
