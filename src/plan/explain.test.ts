import assert from 'node:assert/strict';
import { configMap, desiredFiles, rendered } from '../../test/harness/plan.ts';
import { blankSource } from '../../test/harness/sets.ts';
import type { StandingDecision } from '../api/decision.ts';
import { SECRET_VALUE } from '../api/element.ts';
import type { Read } from '../api/rendered-resource.ts';
import type { JsonObject } from '../lib/json.ts';
import { explainResource } from './explain.ts';

const limit: StandingDecision = {
  element: 'a',
  name: 'limit',
  value: '448Mi',
  since: '2026-02-03T04:05:06Z',
  rule: 'Computed',
  input: '365432832',
  reason: 'Cooldown',
  proposed: '300Mi',
};

/** Explains a ConfigMap with these data, of which those that begin with `$` read the field of that name. */
function explain(data: JsonObject, field?: string, delivered: StandingDecision[] = [], isSecret = false) {
  const reads = (path: readonly (string | number)[]): Read[] => {
    const value = path[0] === 'data' ? data[String(path[1])] : undefined;
    return String(value).startsWith('$') ? [{ path: `.Element.${String(value).slice(1)}`, value: 1 }] : [];
  };
  const plain = rendered(configMap('a', data), reads);
  const [file] = desiredFiles([{ ...plain, from: { ...plain.from, decisions: [limit], isSecret } }]);
  assert.ok(file);
  const asked: string[] = [];
  const explanation = explainResource(file, {
    ...(field !== undefined && { field }),
    set: { source: blankSource, templates: [{ content: { data } }] },
    delivered,
    readInput(name) {
      asked.push(name);
      return [{ path: '.Element.bytes', value: 300 }];
    },
  });
  return { ...explanation, asked };
}

const fieldsOf = (data: JsonObject, field?: string) => explain(data, field).fields.map((leaf) => leaf.field);

describe('explainResource', () => {
  it('tells the fields that read something', () =>
    assert.deepEqual(fieldsOf({ a: '$team', b: 'static', c: '$limit' }), ['data.a', 'data.c']));

  it('tells only what is asked for', () =>
    assert.deepEqual(fieldsOf({ a: '$team', c: '$limit' }, 'data.c'), ['data.c']));

  it('tells a field that reads nothing where it is asked for', () => {
    const { fields } = explain({ a: '$team', b: 'static' }, 'data.b');
    assert.deepEqual(
      fields.map(({ field, value, reads, at }) => ({ field, value, reads, at })),
      [{ field: 'data.b', value: 'static', reads: [], at: 'set.yaml:1:1' }],
    );
  });

  it('shows nothing that a Secret is to hold, not even what the template says', () => {
    const secret = { ...configMap('a', { a: '$team', b: 'hush' }), kind: 'Secret' };
    const reads = ([, key]: readonly (string | number)[]): Read[] =>
      key === 'a' ? [{ path: '.Element.team', value: 'hush' }] : [];
    const [file] = desiredFiles([rendered(secret, reads)]);
    assert.ok(file);
    for (const field of ['data.a', 'data.b']) {
      const { fields } = explainResource(file, {
        ...{ field, delivered: [], readInput: () => [] },
        set: { source: blankSource, templates: [{ content: {} }] },
      });
      assert.equal(fields[0]?.value, SECRET_VALUE);
      assert.doesNotMatch(JSON.stringify(fields), /hush/);
    }
  });

  it('shows no value of an element that may hold those of a Secret', () => {
    const { fields } = explain({ a: '$password', c: '$limit', b: 'static' }, 'data', [], true);
    assert.deepEqual(
      fields.map(({ value, reads, decisions }) => [value, reads[0]?.value, decisions[0]?.reads[0]?.value]),
      [
        [SECRET_VALUE, SECRET_VALUE, undefined],
        [SECRET_VALUE, SECRET_VALUE, SECRET_VALUE],
      ],
    );
    assert.equal(explain({ b: 'static' }, 'data.b', [], true).fields[0]?.value, 'static');
  });

  it('leads from the field to the answer', () => {
    const { fields } = explain({ c: '$limit' }, 'data');
    assert.deepEqual(fields, [
      {
        field: 'data.c',
        value: '$limit',
        template: 0,
        at: 'set.yaml:1:1',
        element: 'a',
        generator: 0,
        generatorName: 'apiClient',
        query: 'up',
        reads: [{ path: '.Element.limit', value: 1 }],
        decisions: [{ ...limit, delivered: false, reads: [{ path: '.Element.bytes', value: 300 }] }],
      },
    ]);
  });

  const memories: [string, Partial<StandingDecision>, boolean][] = [
    ['says that a decision was delivered', {}, true],
    ['says that another value was not', { value: '400Mi' }, false],
    ['says that the same value of another time was not', { since: '2026-02-02T04:05:06Z' }, false],
    ['says that the value of another element was not', { element: 'b' }, false],
  ];
  for (const [title, over, expected] of memories) {
    it(title, () => {
      const [field] = explain({ c: '$limit' }, 'data', [{ ...limit, ...over }]).fields;
      assert.equal(field?.decisions[0]?.delivered, expected);
    });
  }

  it('renders the input of a decision once, however many fields read it', () =>
    assert.deepEqual(explain({ a: '$limit', b: '$limit' }).asked, ['limit']));

  it('tells 50 fields, and how many more there are', () => {
    const data = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${index}`, '$team']));
    const { fields, omitted } = explain(data);
    assert.deepEqual([fields.length, omitted], [50, 10]);
  });

  it('refuses a field that is not there, naming the closest', () => {
    assert.throws(() => explain({ size: '$team' }, 'data.sise'), {
      message: /^no field "data.sise"; the closest are "data.size"/,
    });
  });
});
