import assert from 'node:assert/strict';
import type { HoldReason, StandingDecision } from '../api/decision.ts';
import type { GeneratedElement } from '../api/element.ts';
import { describeElements } from './describe-elements.ts';

function element(key: string | undefined, decisions?: StandingDecision[], index = 0): GeneratedElement {
  return {
    ...{ element: {}, index, generator: 0, generatorName: 'list' },
    ...(key !== undefined && { key }),
    ...(decisions && { decisions }),
  };
}

function decision(name: string, reason?: HoldReason, proposed?: string): StandingDecision {
  return {
    ...{ element: 'a', name, value: '64Mi', since: '2026-01-01T00:00:00Z', rule: 'Computed', input: '1' },
    ...(reason && { reason }),
    ...(proposed !== undefined && { proposed }),
  };
}

describe('describeElements', () => {
  const cases: [what: string, decisions: StandingDecision[] | undefined, expected: object][] = [
    [
      'an element without decisions is ready',
      undefined,
      { phase: 'Ready', reason: 'Reconciled', message: '' },
    ],
    ['one whose decisions follow their input is too', [decision('limit')], { reason: 'Reconciled' }],
    [
      'a rule at work is told, without what the input says today',
      [decision('limit', 'Cooldown', '48Mi')],
      { phase: 'Ready', reason: 'Cooldown', message: 'limit stays 64Mi: Cooldown' },
    ],
    [
      'a missing input holds, whatever else there is',
      [decision('limit', 'Cooldown'), decision('request', 'InputMissing')],
      {
        phase: 'Held',
        reason: 'InputMissing',
        message: 'limit stays 64Mi: Cooldown; request stays 64Mi: InputMissing',
      },
    ],
    [
      'a change that waits for an approval holds, and is told',
      [decision('limit', 'MaxChange', '2Gi')],
      { phase: 'Held', reason: 'MaxChange', message: 'limit stays 64Mi instead of 2Gi: MaxChange' },
    ],
  ];
  for (const [what, decisions, expected] of cases) {
    it(what, () => {
      const one = element('a', decisions);
      const [state] = describeElements([one], [], [one]);
      assert.deepEqual({ ...state, ...expected, key: 'a' }, state);
    });
  }

  it('says why an element is not rendered, in a bounded message', () => {
    const one = element('a');
    const [state] = describeElements(
      [one],
      [{ element: one, reason: 'RenderFailed', message: 'x'.repeat(600) }],
      [],
    );
    assert.deepEqual(state, {
      key: 'a',
      phase: 'Held',
      reason: 'RenderFailed',
      message: `${'x'.repeat(500)}...`,
    });
  });

  it('tells nothing of elements that stand or fall together', () => {
    assert.deepEqual(describeElements([element(undefined)], [], [element(undefined)]), []);
  });

  it('tells of the only element of a set that tunes it, by its place', () => {
    const one = element(undefined, [decision('limit')]);
    assert.deepEqual(
      describeElements([one], [], [one]).map(({ key }) => key),
      ['generators[0].list[0]'],
    );
  });
});
