import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../lib/json.ts';
import { removeField } from './remove-field.ts';

describe('removeField', () => {
  const pod = {
    spec: {
      containers: [
        { name: 'a"]', image: 'x', ports: [{ port: 80, protocol: 'TCP' }] },
        { name: 'app', image: 'y' },
      ],
      replicas: 2,
      template: { only: 1 },
    },
    metadata: { labels: { 'app.kubernetes.io/name': 'x', app: 'y' }, finalizers: ['a', 'b'] },
  };
  const without = (change: (copy: typeof pod) => void): JsonObject => {
    const copy = structuredClone(pod);
    change(copy);
    return copy as JsonObject;
  };

  const cases: [path: string, expected: JsonObject | undefined][] = [
    ['.spec.replicas', without((it) => Reflect.deleteProperty(it.spec, 'replicas'))],
    ['.spec.template.only', without((it) => Reflect.deleteProperty(it.spec, 'template'))],
    [
      '.spec.containers[name="app"].image',
      without((it) => Reflect.deleteProperty(it.spec.containers[1]!, 'image')),
    ],
    ['.spec.containers[name="app"]', without((it) => it.spec.containers.pop())],
    [
      '.spec.containers[name="a\\"]"].ports[port=80,protocol="TCP"].port',
      without((it) => Reflect.deleteProperty(it.spec.containers[0]?.ports?.[0] ?? {}, 'port')),
    ],
    ['.spec.containers[1].image', without((it) => Reflect.deleteProperty(it.spec.containers[1]!, 'image'))],
    ['.metadata.finalizers[="b"]', without((it) => it.metadata.finalizers.pop())],
    [
      '.metadata.labels.app.kubernetes.io/name',
      without((it) => Reflect.deleteProperty(it.metadata.labels, 'app.kubernetes.io/name')),
    ],
    ['.metadata.labels.app', without((it) => Reflect.deleteProperty(it.metadata.labels, 'app'))],
    ['.spec.absent', undefined],
    ['.spec.replicas.more', undefined],
    ['.spec.containers[name="none"].image', undefined],
    ['.spec.containers[name="none"', undefined],
    ['.constructor', undefined],
    ['spec', undefined],
    ['', undefined],
  ];
  for (const [path, expected] of cases) {
    it(`${expected ? 'removes' : 'finds no'} ${JSON.stringify(path)}`, () => {
      const before = structuredClone(pod);
      assert.deepEqual(removeField(pod as JsonObject, path), expected);
      assert.deepEqual(pod, before, 'the value itself stays');
    });
  }

  it('removes any key, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.constant('x'), { minKeys: 2 }), (data) => {
        for (const key of Object.keys(data)) {
          const rest = { ...data };
          delete rest[key];
          assert.deepEqual({ ...(removeField({ data }, `.data.${key}`)?.['data'] as object) }, { ...rest });
        }
      }),
    );
  });
});
