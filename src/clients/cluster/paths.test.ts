import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ApiKind } from './discovery.ts';
import { collectionPath, describePath, objectPath, parsePath, versionPath } from './paths.ts';

const kind = (apiVersion: string, plural: string, namespaced = true): ApiKind => ({
  ...{ apiVersion, kind: 'Kind', plural, namespaced },
  verbs: [],
});

describe('paths', () => {
  const paths: [ApiKind, string, string, string][] = [
    [kind('v1', 'configmaps'), 'default', 'a', '/api/v1/namespaces/default/configmaps/a'],
    [kind('apps/v1', 'deployments'), 'x', 'web', '/apis/apps/v1/namespaces/x/deployments/web'],
    [kind('v1', 'namespaces', false), '', 'x', '/api/v1/namespaces/x'],
    [kind('v1', 'namespaces', false), 'ignored', 'x', '/api/v1/namespaces/x'],
    [kind('v1', 'configmaps'), 'default', 'a b?c#d', '/api/v1/namespaces/default/configmaps/a%20b%3Fc%23d'],
    [
      kind('rbac.authorization.k8s.io/v1', 'clusterroles', false),
      '',
      'system:x',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Ax',
    ],
  ];
  for (const [of, namespace, name, expected] of paths) {
    it(`lead to ${expected}`, () => {
      assert.equal(objectPath(of, namespace, name), expected);
      assert.equal(collectionPath(of, namespace), expected.slice(0, expected.lastIndexOf('/')));
    });
  }

  it('lead to the objects of all namespaces', () => {
    assert.equal(collectionPath(kind('v1', 'configmaps'), ''), '/api/v1/configmaps');
  });

  const odd = ['', '.', '..', 'a/b', '/', 'a%2fb', '%', '../secrets/x'];
  for (const text of odd) {
    it(`are refused for the name ${JSON.stringify(text)}`, () => {
      const message = /cannot be part of a path/;
      assert.throws(() => objectPath(kind('v1', 'configmaps'), 'default', text), { message });
      assert.throws(() => versionPath(`apps/${text}`), { message });
      if (text !== '') assert.throws(() => collectionPath(kind('v1', 'configmaps'), text), { message });
    });
  }

  it('need a namespace where the kind has one', () => {
    assert.throws(() => objectPath(kind('v1', 'configmaps'), '', 'a'), {
      message: 'Kind "a": a namespace is needed',
    });
  });

  it('never lead anywhere else, whatever the name', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('..', 'a/../b', 'x?y', '\\'),
    );
    fc.assert(
      fc.property(text, text, (namespace, name) => {
        let path: string;
        try {
          path = objectPath(kind('v1', 'configmaps'), namespace, name);
        } catch {
          return;
        }
        const { pathname, search, hash } = new URL(path, 'https://x');
        assert.deepEqual([pathname, search, hash], [path, '', '']);
        assert.deepEqual(parsePath(path), { namespace, plural: 'configmaps', name });
      }),
    );
  });

  const described: [string, string][] = [
    ['/api/v1/namespaces/default/configmaps/a', 'configmaps default/a'],
    ['/api/v1/namespaces/default/configmaps', 'configmaps default'],
    ['/api/v1/namespaces/x', 'namespaces x'],
    ['/api/v1/namespaces/x/status', 'status x'],
    ['/apis/apps/v1/namespaces/d/deployments/web/scale', 'deployments d/web scale'],
    ['/apis/apps/v1/deployments', 'deployments'],
    ['/api/v1/namespaces/d/configmaps/%zz', 'configmaps d/%zz'],
    ['/api/v1', '/api/v1'],
    ['/readyz', '/readyz'],
  ];
  for (const [path, words] of described) {
    it(`says ${words} of ${path}`, () => assert.equal(describePath(path), words));
  }
});
