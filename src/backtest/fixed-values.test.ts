import assert from 'node:assert/strict';
import { generatorsOnly, tunedSet } from '../../test/harness/backtest.ts';
import type { Decision } from '../api/decision.ts';
import type { Target } from '../plan/target.ts';
import { fixedValueOf, readFixed, readStanding } from './fixed-values.ts';
import { createMemoryTarget } from './memory-target.ts';
import { stepPoint } from './step-line.ts';

const tunes = tunedSet().set.spec.tune ?? [];
const MI = 2n ** 20n * 1_000_000_000n;

describe('readFixed', () => {
  it('reads values by name', () => {
    assert.deepEqual(readFixed([], tunes), new Map());
    assert.deepEqual(readFixed(['limit=448Mi'], tunes), new Map([['limit', '448Mi']]));
  });

  const refused: [string, RegExp][] = [
    ['448Mi', /--fixed "448Mi": write NAME=VALUE, NAME being limit/],
    ['limits=448Mi', /--fixed "limits=448Mi": write NAME=VALUE, NAME being limit/],
    ['limit=', /--fixed limit: "" is no quantity such as 448Mi/],
    ['limit=448MB', /--fixed limit: "448MB" is no quantity/],
    ['__proto__=1', /NAME being limit/],
  ];
  for (const [text, message] of refused) {
    it(`refuses ${text}`, () => assert.throws(() => readFixed([text], tunes), message));
  }

  it('says that a set tunes nothing', () =>
    assert.throws(
      () => readFixed(['limit=1'], []),
      /NAME being a name of spec\.tune, which this set does not have/,
    ));
});

describe('fixedValueOf', () => {
  const line = {
    element: 'a',
    name: 'limit',
    points: [stepPoint(0, '1Mi'), stepPoint(1, '2Mi'), stepPoint(2, undefined)],
  };
  const given = new Map([['limit', '4Mi']]);
  const standing = (element: string, value: string): Decision[] => [
    { element, name: 'limit', value, since: '', rule: 'Computed', input: '' },
  ];
  const cases: [string, Parameters<typeof fixedValueOf>[1], object][] = [
    [
      'what was given',
      { given, standing: standing('a', '3Mi') },
      { value: '4Mi', nanos: 4n * MI, source: 'option' },
    ],
    [
      'what stands',
      { given: new Map(), standing: standing('a', '3Mi') },
      { value: '3Mi', nanos: 3n * MI, source: 'target' },
    ],
    [
      'the last value, where another element stands',
      { given: new Map(), standing: standing('b', '3Mi') },
      { value: '2Mi', nanos: 2n * MI, source: 'lastDecision' },
    ],
    [
      'the last value, where what stands is no quantity',
      { given: new Map(), standing: standing('a', 'much') },
      { value: '2Mi', nanos: 2n * MI, source: 'lastDecision' },
    ],
  ];
  for (const [what, sources, expected] of cases) {
    it(`takes ${what}`, () => assert.deepEqual(fixedValueOf(line, sources), expected));
  }

  it('is nothing where there is no value at all', () =>
    assert.equal(fixedValueOf({ ...line, points: [] }, { given: new Map(), standing: [] }), undefined));
});

describe('readStanding', () => {
  const { signal } = new AbortController();
  const worldWith = (target: Target) => ({ ...generatorsOnly(), openTarget: async () => target });

  it('is empty where nothing was delivered', async () =>
    assert.deepEqual(await readStanding(tunedSet(), worldWith(createMemoryTarget('new')), signal), []));

  it('gives the decisions of the target', async () => {
    const decision = {
      element: 'a',
      name: 'limit',
      value: '1Mi',
      since: '',
      rule: 'Computed',
      input: '',
    } as const;
    const target = createMemoryTarget('used');
    const previous = await target.read(signal);
    const next = { version: 1, inventory: [], deletions: [], decisions: [decision] } as const;
    await target.deliver({ plan: { changes: [], digest: '' }, next, previous, message: '' }, signal);
    assert.deepEqual(await readStanding(tunedSet(), worldWith(target), signal), [decision]);
  });

  it('fails where the target cannot be opened', () =>
    assert.rejects(readStanding(tunedSet(), generatorsOnly(), signal), /not in this test/));
});
