import assert from 'node:assert/strict';
import { decideElements, decision, element, keyedElements, NOW } from '../../test/harness/tuned.ts';
import type { GeneratedElement } from '../api/element.ts';
import { StalledError } from '../api/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Decided } from './decided.ts';

const LIMIT = { name: 'limit', margin: '20%', roundUp: '16Mi' };
const REQUEST = { name: 'request', roundUp: '16Mi' };

/** What templates see of each element's decision. */
function limits({ elements }: Decided): JsonObject {
  return Object.fromEntries(elements.map(({ key = '', element: fields }) => [key, fields['limit'] ?? null]));
}

describe('decide', () => {
  it('gives the elements of a set that tunes nothing back', () => {
    const elements = [element({ a: 1 }), element({ a: 2 }, 1)];
    assert.deepEqual(decideElements(elements, { tune: [] }), { elements, held: [] });
  });

  it('decides nothing where there are no elements', () => {
    const decided = decideElements([], { tune: [LIMIT], previous: [decision('1Gi')] });
    assert.deepEqual(decided, { elements: [], held: [], decisions: [] });
  });

  it('sets the fields of an element and says how they came about', () => {
    const [given] = keyedElements({ api: ' 1.34217728e+08\n' });
    const previous = [decision('128Mi', { element: 'api', ago: 60_000 })];
    const decided = decideElements([given as GeneratedElement], { tune: [LIMIT, REQUEST], previous });
    const limit = {
      element: 'api',
      name: 'limit',
      value: '160Mi',
      since: NOW.toISOString(),
      rule: 'Computed',
      input: '1.34217728e+08',
      previous: '128Mi',
    };
    const { previous: _, ...first } = { ...limit, name: 'request', value: '128Mi' };
    assert.deepEqual(decided, {
      elements: [
        {
          ...given,
          element: { ...given?.element, limit: '160Mi', request: '128Mi' },
          decisions: [
            { ...limit, proposed: '160Mi' },
            { ...first, proposed: '128Mi' },
          ],
        },
      ],
      held: [],
      decisions: [limit, first],
    });
  });

  it('keeps and says nothing of an input that may be of a Secret', () => {
    const [good, bad] = keyedElements({ api: '134217728', web: 'canary-31c7' });
    const secret = [good, bad].map((it) => ({ ...(it as GeneratedElement), isSecret: true }));
    const decided = decideElements(secret, { tune: [LIMIT] });
    assert.equal(decided.decisions?.[0]?.input, '(from a Secret)');
    assert.equal(decided.decisions?.[0]?.value, '160Mi');
    assert.equal(decided.held[0]?.message, 'limit has no valid input (from a Secret)');
  });

  it('leaves a decision as it is while its value stays', () => {
    const previous = [
      decision('160Mi', { element: 'api', ago: 3_600_000, rule: 'AtMinimum', input: '5', previous: '1Gi' }),
    ];
    const { decisions } = decideElements(keyedElements({ api: '130Mi' }), { tune: [LIMIT], previous });
    assert.deepEqual(decisions, previous);
  });

  it('gives numbers to templates where there is no unit', () => {
    const tune = [
      { name: 'replicas', unit: 'integer' },
      { name: 'target', unit: 'number', roundUp: '0.05' },
    ] as const;
    const decided = decideElements([element({ value: '2.31' })], { tune });
    assert.deepEqual(decided.elements[0]?.element, { value: '2.31', replicas: 3, target: 2.35 });
    assert.deepEqual(
      decided.decisions?.map(({ value }) => value),
      ['3', '2.35'],
    );
  });

  it('keeps every digit of a large integer', () => {
    const { elements } = decideElements([element({ value: '9007199254740993' })], {
      tune: [{ unit: 'integer' }],
    });
    assert.equal(elements[0]?.element['limit'], 9007199254740993n);
  });

  it('replaces a field of the generator, and no prototype', () => {
    const [given] = decideElements([element({ value: '5Mi' })], {
      tune: [{ name: 'value' }, { name: 'constructor' }],
    }).elements;
    assert.deepEqual(Object.entries(given?.element ?? {}), [
      ['value', '5Mi'],
      ['constructor', '5Mi'],
    ]);
  });

  it('makes one step of maxDecrease for one answer, and any increase', () => {
    const [api, web] = keyedElements({ api: '5Mi', web: '500Mi' }) as [GeneratedElement, GeneratedElement];
    // The values before stand for a minute, and the answer is younger or older than that.
    const before = { ago: 60_000 };
    const previous = ['api', 'web'].map((key) => decision('100Mi', { ...before, element: key }));
    const [first, second] = [30_000, 60_000].map((age) => {
      const asked = new Date(NOW.getTime() - age).toISOString();
      const elements = [api, web].map((it) => ({ ...it, asked }));
      return limits(decideElements(elements, { tune: [{ maxDecrease: '20%' }], previous }));
    });
    assert.deepEqual(first, { api: '80Mi', web: '500Mi' });
    assert.deepEqual(second, { api: '100Mi', web: '500Mi' });
  });

  it('makes no step for an answer of a clock that was set back since, but any increase', () => {
    const asked = new Date(NOW.getTime() + 60_000).toISOString();
    const elements = keyedElements({ api: '5Mi', web: '500Mi' }).map((it) => ({ ...it, asked }));
    const previous = ['api', 'web'].map((key) => decision('100Mi', { ago: 60_000, element: key }));
    const decided = decideElements(elements, { tune: [{ maxDecrease: '20%' }], previous });
    assert.deepEqual(limits(decided), { api: '100Mi', web: '500Mi' });
  });

  it('takes a time that is none for one that is long past', () => {
    const previous = [{ ...decision('160Mi'), since: 'yesterday' }];
    const { decisions } = decideElements([element({ value: '5Mi' })], {
      tune: [{ cooldown: '24h' }],
      previous,
    });
    assert.equal(decisions?.[0]?.value, '5Mi');
  });

  it('takes an earlier value of another unit for none', () => {
    const previous = [decision('350m', { element: 'api' })];
    const { decisions } = decideElements(keyedElements({ api: '64Mi' }), { tune: [LIMIT], previous });
    assert.deepEqual([decisions?.[0]?.value, decisions?.[0]?.previous], ['80Mi', undefined]);
  });

  it('forgets elements that are gone and decisions that the set no longer makes', () => {
    const previous = [
      decision('160Mi', { element: 'api' }),
      decision('1Gi', { element: 'gone' }),
      decision('1Gi', { element: 'api', name: 'former' }),
    ];
    const { decisions } = decideElements(keyedElements({ api: '130Mi' }), { tune: [LIMIT], previous });
    assert.deepEqual(decisions, previous.slice(0, 1));
  });

  it('gives decisions in one order, whatever order the elements come in', () => {
    const tune = [REQUEST, LIMIT];
    const elements = keyedElements({ web: '64Mi', api: '64Mi', 'a/b': '64Mi' });
    const { decisions } = decideElements(elements, { tune });
    assert.deepEqual(decideElements(elements.toReversed(), { tune }).decisions, decisions);
    assert.deepEqual(
      decisions?.map((it) => `${it.element} ${it.name}`),
      ['a/b limit', 'a/b request', 'api limit', 'api request', 'web limit', 'web request'],
    );
  });

  it('leaves what it is given as it is', () => {
    const elements = keyedElements({ api: '64Mi' });
    const before = structuredClone(elements);
    decideElements(elements, { tune: [LIMIT] });
    assert.deepEqual(elements, before);
  });
});

describe('the identity of elements', () => {
  const cases: readonly [
    title: string,
    elements: readonly GeneratedElement[],
    message: string | undefined,
  ][] = [
    ['one element needs no key', [element({ value: '1Mi' })], undefined],
    [
      'several elements need keys',
      [...keyedElements({ api: '1Mi' }), element({ value: '1Mi' }, 1)],
      'spec.tune: 2 elements, and generators[0].list[1] has no key: set spec.elementKey, so that each keeps its own values',
    ],
    [
      'an empty key is none',
      keyedElements({ api: '1Mi', '': '1Mi' }),
      'spec.tune: 2 elements, and generators[0].list[1] has no key: set spec.elementKey, so that each keeps its own values',
    ],
    [
      'two elements have two keys',
      [...keyedElements({ api: '1Mi' }), { ...element({ value: '1Mi' }, 1), key: 'api', generator: 3 }],
      'spec.tune: the key "api" is that of both generators[0].list[0] and generators[3].list[1]: set spec.elementKey, so that each element has its own',
    ],
  ];
  for (const [title, elements, message] of cases) {
    it(title, () => {
      const run = () => decideElements(elements, { tune: [LIMIT] });
      if (message === undefined) assert.doesNotThrow(run);
      else
        assert.throws(run, (error: Error) => !(error instanceof StalledError) && error.message === message);
    });
  }
});

describe('an element without a valid input', () => {
  const previous = [decision('160Mi', { element: 'web' })];

  it('keeps its earlier value while others go on', () => {
    const elements = keyedElements({ api: '130Mi', web: 'NaN' });
    const decided = decideElements(elements, { tune: [LIMIT], previous });
    assert.deepEqual(limits(decided), { api: '160Mi', web: '160Mi' });
    const problem = 'limit has no valid input: "NaN" is no number and no quantity';
    assert.deepEqual(decided.elements[1]?.decisions, [{ ...previous[0], reason: 'InputMissing', problem }]);
    assert.deepEqual(decided.decisions?.slice(1), previous);
    assert.deepEqual(decided.held, []);
  });

  it('keeps the input of its earlier value where a bound changes that', () => {
    const { decisions } = decideElements(keyedElements({ web: 'NaN' }), {
      tune: [{ max: '64Mi' }],
      previous,
    });
    const changed = { value: '64Mi', rule: 'AtMaximum', since: NOW.toISOString(), previous: '160Mi' };
    assert.deepEqual(decisions, [{ ...previous[0], ...changed }]);
  });

  it('is held where it has no earlier value', () => {
    const elements = keyedElements({ api: '130Mi', db: '<no value>' });
    const decided = decideElements(elements, { tune: [LIMIT], previous });
    assert.deepEqual(limits(decided), { api: '160Mi' });
    assert.deepEqual(decided.held, [
      {
        element: elements[1],
        reason: 'InputMissing',
        message: 'limit has no valid input: "<no value>" is no number and no quantity',
      },
    ]);
    assert.deepEqual(
      decided.decisions?.map((it) => it.element),
      ['api'],
    );
  });

  it('keeps the earlier values of its other decisions, though they are not rendered', () => {
    const tune = [LIMIT, REQUEST];
    const elements = keyedElements({ api: '130Mi', web: '500Mi' });
    const decided = decideElements(elements, {
      tune,
      previous,
      renderInput: (position, { key, element: fields }) =>
        key === 'web' && position === 1 ? '' : String(fields['value']),
    });
    assert.deepEqual(
      decided.held.map((it) => it.element.key),
      ['web'],
    );
    assert.deepEqual(
      decided.decisions?.filter((it) => it.element === 'web'),
      previous,
    );
  });

  it('fails the set where no element has one', () => {
    const values = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`app-${index}`, 'NaN']));
    assert.throws(
      () => decideElements(keyedElements(values), { tune: [LIMIT] }),
      (error: Error) => {
        const lines = error.message.split('\n');
        assert.equal(lines.length, 7);
        assert.equal(lines[0], 'spec.tune: no element has a valid input');
        assert.match(lines[1] ?? '', /^app-0: limit has no valid input: "NaN" is no number and no quantity$/);
        assert.equal(lines[6], 'and 3 more');
        return !(error instanceof StalledError);
      },
    );
  });

  it('has one short line as its message, whatever failed', () => {
    const { held } = decideElements(keyedElements({ api: '1Mi', web: '1Mi' }), {
      tune: [LIMIT],
      renderInput: (_, { key }) => {
        if (key === 'api') return '1Mi';
        throw new Error(`\u001b[31m${'x'.repeat(5000)}\nand the line of the file`);
      },
    });
    assert.match(held[0]?.message ?? '', /^limit has no valid input: \\u\{1b\}\[31mx{100,400}\.\.\.$/);
  });

  it('fails the set where the template itself is wrong', () => {
    const wrong = new StalledError('InvalidTemplate', 'spec.tune[0].from: unexpected end');
    const run = () =>
      decideElements(keyedElements({ api: '1Mi', web: '1Mi' }), {
        tune: [LIMIT],
        previous,
        renderInput: () => {
          throw wrong;
        },
      });
    assert.throws(run, wrong);
  });
});
