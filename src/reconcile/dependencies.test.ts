import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { blankSource, loadedSet } from '../../test/harness/sets.ts';
import { StalledError, WaitingError } from '../api/errors.ts';
import type { Dependency } from '../api/generatorset-schema.ts';
import type { ObjectRef } from '../api/readers.ts';
import type { Resource } from '../api/resource.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkDependencies, checkReadyExpressions } from './dependencies.ts';

const { signal } = new AbortController();
const API = 'generatorset.dev/v1alpha1';

/** A dependency with its defaults. */
function on(name: string, more: Partial<Dependency> = {}): Dependency {
  return { apiVersion: API, kind: 'GeneratorSet', name, ...more };
}

function object(name: string, status: string, more: JsonObject = {}): Resource {
  const conditions = [{ type: 'Ready', status }];
  return {
    apiVersion: API,
    kind: 'GeneratorSet',
    metadata: { name, namespace: 'flux-system' },
    status: { conditions },
    ...more,
  };
}

/** Checks a set named `a` in flux-system against a cluster that has these objects. */
async function check(
  dependsOn: Dependency[],
  objects: Resource[] = [],
  allowCrossNamespace = false,
): Promise<ObjectRef[]> {
  const asked: ObjectRef[] = [];
  const reader = {
    get: async (ref: ObjectRef) => {
      asked.push(ref);
      await delay(1);
      return objects.find(
        ({ kind, metadata }) =>
          kind === ref.kind && metadata.name === ref.name && metadata['namespace'] === ref.namespace,
      );
    },
    list: noList,
  };
  await checkDependencies(loadedSet('a', { dependsOn }).set, {
    objects: reader,
    allowCrossNamespace,
    signal,
  });
  return asked;
}

const noList = () => assert.fail('nothing is listed here');

describe('checkDependencies', () => {
  it('asks for nothing without dependencies', async () => assert.deepEqual(await check([]), []));

  it('goes on when all are ready, and asks for each once', async () => {
    const configMap: Resource = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'flux-system' },
    };
    const asked = await check(
      [
        on('b'),
        on('c', { apiVersion: 'v1', kind: 'ConfigMap' }),
        on('b', { readyExpr: 'dep.status.conditions.size() == 1' }),
      ],
      [object('b', 'True'), configMap],
    );
    assert.deepEqual(
      asked.map(({ apiVersion, kind, namespace, name }) => `${apiVersion} ${kind} ${namespace}/${name}`),
      [
        `${API} GeneratorSet flux-system/b`,
        'v1 ConfigMap flux-system/c',
        `${API} GeneratorSet flux-system/b`,
      ],
    );
  });

  const waits: [title: string, dependsOn: Dependency[], objects: Resource[], message: string][] = [
    ['one that does not exist', [on('b')], [], 'waits for GeneratorSet/flux-system/b, which does not exist'],
    [
      'one that is not ready',
      [on('b')],
      [object('b', 'False')],
      'waits for GeneratorSet/flux-system/b, which has Ready=False',
    ],
    [
      'one whose expression says no',
      [on('b', { readyExpr: 'false' })],
      [object('b', 'True')],
      'waits for GeneratorSet/flux-system/b, which is not ready by its readyExpr',
    ],
    [
      'one whose expression finds a field missing',
      [on('b', { readyExpr: 'dep.status.ready >= 1' })],
      [object('b', 'True')],
      'waits for GeneratorSet/flux-system/b, which is not ready: its readyExpr says no such key: ready',
    ],
    [
      'one that waits for this set in turn',
      [on('b')],
      [object('b', 'False', { spec: { dependsOn: [{ name: 'x' }, { name: 'a' }] } })],
      'waits for GeneratorSet/flux-system/b, which has Ready=False and depends on this set in turn',
    ],
    [
      'many, of which it names three',
      [on('b'), on('ok'), on('c'), on('d'), on('e'), on('f')],
      [object('ok', 'True')],
      'waits for GeneratorSet/flux-system/b, which does not exist; GeneratorSet/flux-system/c, which does not exist; ' +
        'GeneratorSet/flux-system/d, which does not exist; and 2 more',
    ],
  ];
  for (const [title, dependsOn, objects, message] of waits) {
    it(`waits for ${title}`, async () => {
      await assert.rejects(check(dependsOn, objects), (error: Error) => {
        assert.ok(error instanceof WaitingError);
        assert.deepEqual(
          [error.reason, error.retryAfter, error.message],
          ['DependencyNotReady', 5000, message],
        );
        return true;
      });
    });
  }

  const stalls: [title: string, dependsOn: Dependency[], reason: string, message: RegExp][] = [
    ['itself', [on('b'), on('a')], 'ValidationFailed', /^spec\.dependsOn\[1\]: the set depends on itself$/],
    [
      'itself in another version',
      [on('a', { apiVersion: 'generatorset.dev/v1' })],
      'ValidationFailed',
      /on itself$/,
    ],
    [
      'another namespace',
      [on('b', { namespace: 'other' })],
      'AccessDenied',
      /^spec\.dependsOn\[0\]\.namespace: GeneratorSet\/other\/b is in another namespace/,
    ],
    [
      'an expression that is none',
      [on('b', { readyExpr: 'dep.' })],
      'InvalidCELExpression',
      /^spec\.dependsOn\[0\]\.readyExpr: expected/,
    ],
    [
      'an expression that gives no bool',
      [on('b', { readyExpr: 'dep.metadata.name' })],
      'InvalidCELExpression',
      /^spec\.dependsOn\[0\]\.readyExpr: gives no bool/,
    ],
  ];
  for (const [title, dependsOn, reason, message] of stalls) {
    it(`stalls on ${title}`, async () => {
      await assert.rejects(check(dependsOn, [object('b', 'True')]), (error: Error) => {
        assert.ok(error instanceof StalledError, error.message);
        assert.equal(error.reason, reason);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('asks nobody for a set that stalls', async () => {
    let asked = 0;
    const objects = { get: async () => void asked++ as undefined, list: noList };
    const { set } = loadedSet('a', { dependsOn: [on('b'), on('c', { namespace: 'other' })] });
    await assert.rejects(
      checkDependencies(set, { objects, allowCrossNamespace: false, signal }),
      StalledError,
    );
    assert.equal(asked, 0);
  });

  it('may depend on other namespaces where that is allowed', async () => {
    const [ref] = await check(
      [on('b', { namespace: 'other' })],
      [object('b', 'True', { metadata: { name: 'b', namespace: 'other' } })],
      true,
    );
    assert.equal(ref?.namespace, 'other');
  });

  it('takes a set of its own name in another namespace for another', async () => {
    await assert.rejects(check([on('a', { namespace: 'other' })], [], true), WaitingError);
  });

  it('passes on what goes wrong in a read', async () => {
    const objects = { get: async () => Promise.reject(new Error('down')), list: noList };
    const { set } = loadedSet('a', { dependsOn: [on('b')] });
    await assert.rejects(
      checkDependencies(set, { objects, allowCrossNamespace: false, signal }),
      /^Error: down$/,
    );
  });
});

describe('checkReadyExpressions', () => {
  it('names each expression that cannot be used, with its place', async () => {
    const dependsOn = [
      on('b', { readyExpr: 'dep.' }),
      on('c', { readyExpr: 'true' }),
      on('d'),
      on('e', { readyExpr: '1' }),
    ];
    const { set } = loadedSet('a', { dependsOn });
    await assert.rejects(checkReadyExpressions({ set, source: blankSource }), (error: Error) => {
      assert.ok(error instanceof StalledError);
      assert.equal(error.reason, 'InvalidCELExpression');
      const lines = error.message.split('\n');
      assert.equal(lines.length, 2);
      assert.match(lines[0] as string, /^set\.yaml:1:1: spec\.dependsOn\[0\]\.readyExpr: expected/);
      assert.match(
        lines[1] as string,
        /^set\.yaml:1:1: spec\.dependsOn\[3\]\.readyExpr: gives a int, must give a bool$/,
      );
      return true;
    });
  });

  it('has nothing against a set without them', async () => checkReadyExpressions(loadedSet('a')));
});
