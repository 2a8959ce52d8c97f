import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../lib/json.ts';
import { isSameObject, showObjects, withoutServerFields } from './shown-object.ts';

const configMap = (metadata: JsonObject, rest: JsonObject = {}): JsonObject => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'a', ...metadata },
  ...rest,
});
const secret = (data: JsonObject, rest: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'a' },
  data,
  ...rest,
});

describe('what is shown of an object', () => {
  it('leaves out what the server keeps, and begins with the kind', () => {
    const server = {
      uid: '1',
      resourceVersion: '2',
      generation: 3,
      creationTimestamp: 'now',
      managedFields: [],
    };
    const shown = withoutServerFields(
      configMap({ ...server, labels: { a: 'b' } }, { data: {}, status: { x: 1 } }),
    );
    const expected = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', labels: { a: 'b' } },
      data: {},
    };
    assert.equal(JSON.stringify(shown), JSON.stringify(expected));
  });

  const applied = 'kubectl.kubernetes.io/last-applied-configuration';
  const annotations: [before: JsonObject, after: JsonObject | undefined][] = [
    [{ [applied]: '{"data":{"token":"sesame"}}' }, undefined],
    [{ [applied]: '{}', team: 'a' }, { team: 'a' }],
    [{ team: 'a' }, { team: 'a' }],
  ];
  for (const [before, after] of annotations) {
    it(`keeps of the annotations ${JSON.stringify(Object.keys(before))} ${JSON.stringify(after)}`, () => {
      const { metadata } = withoutServerFields(configMap({ annotations: before })) as {
        metadata: JsonObject;
      };
      assert.deepEqual(metadata['annotations'], after);
    });
  }

  it('finds objects the same that differ in nothing but what the server keeps', () => {
    const one = configMap({ resourceVersion: '1' }, { data: { a: 'b' } });
    assert.ok(isSameObject(one, configMap({ resourceVersion: '2' }, { data: { a: 'b' } })));
    assert.ok(!isSameObject(one, configMap({ resourceVersion: '1' }, { data: { a: 'c' } })));
  });

  const masks: [
    what: string,
    before: JsonObject | undefined,
    after: JsonObject | undefined,
    expected: string,
  ][] = [
    ['a new one', undefined, secret({ a: 'eA==' }), "a: '***'"],
    ['one that goes', secret({ a: 'eA==' }), undefined, "a: '***'"],
    ['one that stays', secret({ a: 'eA==' }), secret({ a: 'eA==' }), "a: '***' | a: '***'"],
    [
      'one that differs',
      secret({ a: 'eA==' }),
      secret({ a: 'eQ==' }),
      "a: '*** (before)' | a: '*** (after)'",
    ],
    ['a key that goes', secret({ a: 'eA==' }), secret({ b: 'eA==' }), "a: '***' | b: '***'"],
    ['one of no form', undefined, { ...secret({}), data: 'eA==' }, "data: '***'"],
  ];
  for (const [what, before, after, expected] of masks) {
    it(`masks ${what}`, () => {
      const shown = showObjects({ ...(before && { before }), ...(after && { after }) });
      const lines = [shown.before, shown.after].flatMap(
        (text) => text?.match(/^.*\*\*\*.*$/m)?.[0].trim() ?? [],
      );
      assert.equal(lines.join(' | '), expected);
    });
  }

  it('never shows a value of a Secret', () => {
    const value = fc.string({ minLength: 12, maxLength: 20, unit: fc.constantFrom(...'QRSTUVWXYZ') });
    const data = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), value);
    fc.assert(
      fc.property(data, data, data, (one, two, text) => {
        const shown = showObjects({ before: secret(one, { stringData: text }), after: secret(two) });
        for (const hidden of [...Object.values(one), ...Object.values(two), ...Object.values(text)])
          assert.ok(!`${shown.before}${shown.after}`.includes(hidden));
      }),
    );
  });
});
