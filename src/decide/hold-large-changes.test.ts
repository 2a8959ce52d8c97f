import assert from 'node:assert/strict';
import { decideElements, decision, keyedElements, type TunedSet } from '../../test/harness/tuned.ts';

const previous = [
  decision('100Mi', { element: 'api', rule: 'AtMinimum', previous: '50Mi' }),
  decision('100Mi', { element: 'web' }),
  decision('100Mi', { element: 'db' }),
];
const options: TunedSet = { tune: [{}], maxChange: '50%', previous, delivered: 'sha256:1' };
const elements = keyedElements({ api: '20Mi', db: '110Mi', web: '350Mi', new: '4Gi' });

/** The digest of what is held. */
function digestOf(
  change: Partial<TunedSet>,
  values: readonly ReturnType<typeof keyedElements>[number][] = elements,
) {
  return decideElements(values, { ...options, ...change }).heldChanges?.digest;
}

describe('spec.guard.maxChange', () => {
  it('keeps the values that would change by more, and only those', () => {
    const decided = decideElements(elements, options);
    assert.deepEqual(
      decided.elements.map(({ key, element }) => `${key} ${element['limit']}`),
      ['api 100Mi', 'db 110Mi', 'web 100Mi', 'new 4Gi'],
    );
    assert.deepEqual(decided.elements[0]?.decisions, [
      { ...previous[0], reason: 'MaxChange', proposed: '20Mi' },
    ]);
    assert.deepEqual(decided.decisions?.[0], previous[0]);
    assert.deepEqual(decided.heldChanges?.changes, [
      { element: 'api', name: 'limit', value: '100Mi', proposed: '20Mi' },
      { element: 'web', name: 'limit', value: '100Mi', proposed: '350Mi' },
    ]);
    assert.equal(
      decided.heldChanges?.message,
      'would change 2 of 4 tuned values by more than spec.guard.maxChange 50%, most of all limit of web from 100Mi to 350Mi',
    );
  });

  const changes: readonly [from: string, to: string, isHeld: boolean][] = [
    ['100', '150', false],
    ['100', '150.000000001', true],
    ['100', '50', false],
    ['100', '49.999999999', true],
    ['0', '0', false],
    ['0', '0.000000001', true],
    ['100', '0', true],
  ];
  for (const [from, to, isHeld] of changes) {
    it(`${isHeld ? 'holds' : 'makes'} a change from ${from} to ${to}`, () => {
      const { heldChanges } = decideElements(keyedElements({ api: to }), {
        ...options,
        tune: [{ unit: 'number' }],
        previous: [decision(from, { element: 'api' })],
      });
      assert.equal(heldChanges !== undefined, isHeld);
    });
  }

  it('keeps a number as the number that it was', () => {
    const { elements: decided } = decideElements(keyedElements({ api: '9' }), {
      ...options,
      tune: [{ unit: 'integer' }],
      previous: [decision('3', { element: 'api' })],
    });
    assert.equal(decided[0]?.element['limit'], 3);
  });

  it('looks at what the other rules leave of a change', () => {
    const { heldChanges } = decideElements(keyedElements({ api: '20Mi' }), {
      ...options,
      tune: [{ maxDecrease: '20%' }],
    });
    assert.equal(heldChanges, undefined);
  });

  it('holds a change that a new bound asks for, also without an input', () => {
    const { heldChanges, elements: decided } = decideElements(keyedElements({ api: 'NaN' }), {
      ...options,
      tune: [{ max: '10Mi' }],
    });
    assert.equal(decided[0]?.element['limit'], '100Mi');
    assert.equal(heldChanges?.changes[0]?.proposed, '10Mi');
  });

  it('is off where it is not said', () => {
    assert.equal(digestOf({ maxChange: undefined }), undefined);
  });

  it('names a set with one element by its value alone', () => {
    const { heldChanges } = decideElements(
      [{ ...(elements[2] as (typeof elements)[number]), key: undefined }],
      {
        ...options,
        previous: [decision('100Mi')],
      },
    );
    assert.match(heldChanges?.message ?? '', / most of all limit from 100Mi to 350Mi$/);
  });

  it('escapes and cuts a key in its message', () => {
    const key = `\u001b[31m${'x'.repeat(240)}`;
    const { heldChanges } = decideElements(keyedElements({ [key]: '350Mi' }), {
      ...options,
      previous: [decision('100Mi', { element: key })],
    });
    assert.match(heldChanges?.message ?? '', /limit of \\u\{1b\}\[31mx{50,100}\.\.\. from 100Mi to 350Mi$/);
  });
});

describe('the approval of large changes', () => {
  const digest = digestOf({}) ?? '';

  it('makes them', () => {
    const decided = decideElements(elements, { ...options, approved: new Set([digest]) });
    assert.deepEqual([decided.heldChanges, decided.released], [undefined, digest]);
    assert.deepEqual(
      decided.decisions?.map(({ element, value, previous: before }) => [element, value, before]),
      [
        ['api', '20Mi', '100Mi'],
        ['db', '110Mi', '100Mi'],
        ['new', '4Gi', undefined],
        ['web', '350Mi', '100Mi'],
      ],
    );
  });

  it('is for one digest', () => {
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    assert.equal(digestOf({ approved: new Set([`${digest}0`, 'sha256:1', '']) }), digest);
  });

  it('does not depend on times, the order of elements or what is not held', () => {
    const later = new Date('2027-01-01T00:00:00Z');
    const aged = previous.map((it) => ({
      ...it,
      since: '2020-01-01T00:00:00Z',
      input: '7',
      rule: 'Computed' as const,
    }));
    assert.equal(digestOf({ now: later, previous: aged.toReversed() }, elements.toReversed()), digest);
    assert.equal(digestOf({}, keyedElements({ web: '350Mi', db: '111Mi', api: '20Mi' })), digest);
  });

  it('is not used up where nothing is held', () => {
    const decided = decideElements(keyedElements({ api: '110Mi' }), {
      ...options,
      approved: new Set([digest]),
    });
    assert.equal(decided.released, undefined);
  });

  const others: readonly [title: string, values: Record<string, string>, change: Partial<TunedSet>][] = [
    ['another new value', { web: '351Mi', api: '20Mi' }, {}],
    ['one change less', { web: '350Mi' }, {}],
    ['another element', { db: '350Mi', api: '20Mi' }, {}],
    ['another last delivery', { web: '350Mi', api: '20Mi' }, { delivered: 'sha256:2' }],
    ['no last delivery', { web: '350Mi', api: '20Mi' }, { delivered: undefined }],
    [
      'another name',
      { web: '350Mi', api: '20Mi' },
      { tune: [{ name: 'other' }], previous: previous.map((it) => ({ ...it, name: 'other' })) },
    ],
    [
      'another value before',
      { web: '350Mi', api: '20Mi' },
      { previous: previous.map((it) => ({ ...it, value: '101Mi' })) },
    ],
  ];
  for (const [title, values, change] of others) {
    it(`is void with ${title}`, () => {
      const approved = decideElements(keyedElements(values), {
        ...options,
        ...change,
        approved: new Set([digest]),
      });
      assert.ok(approved.heldChanges);
      assert.notEqual(approved.heldChanges.digest, digest);
    });
  }
});
