import assert from 'node:assert/strict';
import type { Condition } from '../../api/status.ts';
import { matchesStatus, parseStatusSelector } from './status-selector.ts';

const condition = (type: string, status: Condition['status']): Condition => ({
  ...{ type, status, reason: 'R', message: '', lastTransitionTime: 't' },
});

describe('a status selector', () => {
  const cases: [string, [string, Condition['status']][], boolean][] = [
    ['ready=true', [['Ready', 'True']], true],
    ['Ready=False', [['Ready', 'True']], false],
    [' READY = Unknown ', [['Ready', 'Unknown']], true],
    [
      'held=true',
      [
        ['Ready', 'True'],
        ['Held', 'True'],
      ],
      true,
    ],
    // A condition that does not stand is false.
    ['held=false', [['Ready', 'True']], true],
    ['ready=false', [], true],
    ['ready=unknown', [], false],
  ];
  for (const [text, conditions, expected] of cases) {
    const given = conditions.map(([type, status]) => `${type}=${status}`).join(', ') || 'no conditions';
    it(`${text} ${expected ? 'takes' : 'leaves out'} a set with ${given}`, () => {
      const status = { conditions: conditions.map(([type, state]) => condition(type, state)) };
      assert.equal(matchesStatus({ status }, parseStatusSelector(text)), expected);
    });
  }

  for (const text of ['', 'ready', 'ready=', '=true', 'ready=maybe', 'ready=true,held=true', 'a b=true']) {
    it(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => parseStatusSelector(text), /such as ready=false/);
    });
  }
});
