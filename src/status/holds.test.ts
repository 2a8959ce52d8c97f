import assert from 'node:assert/strict';
import type { ElementState } from '../api/element-state.ts';
import { describeHeld, describeHold, heldOf, toStatusElements, toStatusHeld } from './holds.ts';

const state = (key: string, reason = 'Reconciled', message = ''): ElementState => ({
  ...{ key, reason, message },
  phase: reason === 'Reconciled' ? 'Ready' : 'Held',
});

describe('describeHeld', () => {
  const cases: [name: string, states: ElementState[], text: string][] = [
    [
      'counts all and names those that are held, by their keys',
      [state('c'), state('b', 'RenderFailed'), state('a', 'InputMissing')],
      '2 of 3 elements held: a (InputMissing), b (RenderFailed)',
    ],
    ['speaks of one', [state('a', 'MaxChange')], '1 of 1 element held: a (MaxChange)'],
    [
      'names ten at most',
      Array.from({ length: 12 }, (_, n) => state(`e${n}`, 'InputMissing')),
      `12 of 12 elements held: ${Array.from({ length: 10 }, (_, n) => `e${n} (InputMissing)`).join(', ')} and 2 more`,
    ],
    [
      'lets no key forge a line',
      [state('a\nReady', 'InputMissing')],
      '1 of 1 element held: a; Ready (InputMissing)',
    ],
  ];
  for (const [name, states, text] of cases) {
    it(name, () => assert.equal(describeHeld(states), text));
  }
});

describe('toStatusElements', () => {
  it('gives those that are held first, each part by its keys, and no empty message', () => {
    const states = [
      state('b'),
      state('d', 'RenderFailed', 'wrong'),
      state('a'),
      state('c', 'InputMissing', 'no'),
    ];
    assert.deepEqual(toStatusElements(states), [
      { key: 'c', phase: 'Held', reason: 'InputMissing', message: 'no' },
      { key: 'd', phase: 'Held', reason: 'RenderFailed', message: 'wrong' },
      { key: 'a', phase: 'Ready', reason: 'Reconciled' },
      { key: 'b', phase: 'Ready', reason: 'Reconciled' },
    ]);
    assert.deepEqual(
      heldOf(states).map(({ key }) => key),
      ['c', 'd'],
    );
  });

  it('gives a hundred at most, and of each no more than fits', () => {
    const long = 'x'.repeat(10_000);
    const states = Array.from({ length: 300 }, (_, n) => state(`${n}${long}`, 'RenderFailed', long));
    const given = toStatusElements(states) ?? [];
    assert.equal(given.length, 100);
    assert.ok(JSON.stringify(given).length < 100 * 1024);
  });

  it('is nothing where elements have neither keys nor decisions', () => {
    assert.equal(toStatusElements([]), undefined);
  });
});

describe('toStatusHeld', () => {
  it('says how the changes are released, and lists a hundred of them', () => {
    const change = { element: 'a', name: 'limit', value: '1', proposed: '9' };
    const changes = Array.from({ length: 150 }, () => change);
    const held = toStatusHeld({ digest: 'sha256:1', message: '150 tuned values', changes });
    assert.deepEqual(held.changes?.[0], change);
    assert.equal(held.changes?.length, 100);
    assert.deepEqual(
      [held.rule, held.digest, held.message],
      ['maxChange', 'sha256:1', describeHold({ message: '150 tuned values' }, 'sha256:1')],
    );
  });
});

describe('describeHold', () => {
  it('always ends with the digest, however long the message is', () => {
    const text = describeHold({ message: 'x'.repeat(9000) }, 'sha256:1');
    assert.ok(text.length <= 2000);
    assert.match(text, /annotation generatorset\.dev\/approve: sha256:1$/);
  });
});
