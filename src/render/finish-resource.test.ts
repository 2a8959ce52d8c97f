import assert from 'node:assert/strict';
import type { JsonValue } from '../lib/json.ts';
import { isClusterScoped } from './cluster-scoped.ts';
import { finishResource } from './finish-resource.ts';
import type { TemplateSet } from './template-set.ts';

const SET = { metadata: { name: 'set', namespace: 'flux-system' }, spec: {} };
const OWNER = { 'generatorset.dev/name': 'set', 'generatorset.dev/namespace': 'flux-system' };

function finish(value: JsonValue, set: TemplateSet = SET) {
  const problems: { message: string; path: readonly (string | number)[] }[] = [];
  const resource = finishResource(value, set, (message, path) => problems.push({ message, path }));
  return { resource, problems };
}

describe('finishResource', () => {
  const finished: { why: string; value: JsonValue; metadata: JsonValue }[] = [
    {
      why: 'gives the namespace of the set and the owner labels',
      value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
      metadata: { name: 'a', namespace: 'flux-system', labels: OWNER },
    },
    {
      why: 'keeps a namespace',
      value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b' } },
      metadata: { name: 'a', namespace: 'b', labels: OWNER },
    },
    {
      why: 'takes an empty namespace for none',
      value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: '' } },
      metadata: { name: 'a', namespace: 'flux-system', labels: OWNER },
    },
    {
      why: 'gives none to what has none',
      value: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'system:a' },
      },
      metadata: { name: 'system:a', labels: OWNER },
    },
    {
      why: 'keeps labels, and never lets them take the owner’s place',
      value: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'a',
          labels: { app: 'x', 'generatorset.dev/name': 'other' },
          annotations: { b: '1' },
        },
      },
      metadata: {
        name: 'a',
        namespace: 'flux-system',
        annotations: { b: '1' },
        labels: { app: 'x', ...OWNER },
      },
    },
  ];
  for (const { why, value, metadata } of finished) {
    it(why, () =>
      assert.deepEqual(finish(value), { resource: { ...(value as object), metadata }, problems: [] }),
    );
  }

  it('drops status, and changes nothing in what it was given', () => {
    const value = Object.freeze({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: Object.freeze({ name: 'a' }),
      status: {},
      spec: {},
    });
    assert.deepEqual(Object.keys(finish(value).resource ?? {}), ['apiVersion', 'kind', 'metadata', 'spec']);
  });

  it('begins with what a resource is, also where the API server has sorted the keys', () => {
    const value = { apiVersion: 'v1', data: {}, kind: 'ConfigMap', metadata: { name: 'a' } };
    assert.deepEqual(Object.keys(finish(value).resource ?? {}), ['apiVersion', 'kind', 'metadata', 'data']);
  });

  const good = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  const refused: { value: JsonValue; message: RegExp; path: string[] }[] = [
    { value: [], message: /must give an object/, path: [] },
    { value: 'x', message: /must give an object/, path: [] },
    { value: { ...good, apiVersion: 1 }, message: /^apiVersion must be a string/, path: ['apiVersion'] },
    {
      value: { ...good, apiVersion: 'a/b/c' },
      message: /^apiVersion "a\/b\/c" can't be right/,
      path: ['apiVersion'],
    },
    { value: { ...good, kind: '' }, message: /^kind must be a string/, path: ['kind'] },
    { value: { ...good, kind: '../x' }, message: /^kind "\.\.\/x" can't be right/, path: ['kind'] },
    { value: { ...good, metadata: null }, message: /^metadata with a name is missing/, path: ['metadata'] },
    { value: { ...good, metadata: {} }, message: /^metadata\.name is missing/, path: ['metadata', 'name'] },
    {
      value: { ...good, metadata: { name: 5 } },
      message: /is the number 5: quote it/,
      path: ['metadata', 'name'],
    },
    { value: { ...good, metadata: { name: 'a/b' } }, message: /is no name/, path: ['metadata', 'name'] },
    { value: { ...good, metadata: { name: '..' } }, message: /is no name/, path: ['metadata', 'name'] },
    { value: { ...good, metadata: { name: 'a\nb' } }, message: /is no name/, path: ['metadata', 'name'] },
    {
      value: { ...good, metadata: { name: 'x'.repeat(254) } },
      message: /is no name/,
      path: ['metadata', 'name'],
    },
    {
      value: { ...good, metadata: { name: 'a', namespace: 'b c' } },
      message: /is no name/,
      path: ['metadata', 'namespace'],
    },
    {
      value: { ...good, metadata: { name: 'a', labels: [] } },
      message: /must be a map/,
      path: ['metadata', 'labels'],
    },
    {
      value: { ...good, metadata: { name: 'a', labels: { n: true } } },
      message: /^metadata\.labels\["n"\] must be a string, and is the boolean true: quote it/,
      path: ['metadata', 'labels', 'n'],
    },
    {
      value: { ...good, metadata: { name: 'a', annotations: { n: null } } },
      message: /is null: quote it/,
      path: ['metadata', 'annotations', 'n'],
    },
  ];
  for (const { value, message, path } of refused) {
    it(`refuses ${JSON.stringify(value).slice(0, 90)}`, () => {
      const { resource, problems } = finish(value);
      assert.equal(resource, undefined);
      assert.equal(problems.length, 1);
      assert.match(problems[0]?.message ?? '', message);
      assert.deepEqual(problems[0]?.path, path);
    });
  }

  for (const name of ['{{ .Element.name }}', 'x-{{.Element.name}}']) {
    it(`says of the name ${name} that the set has other delimiters`, () => {
      const annotations = { 'generatorset.dev/delimiters': '${{,}}' };
      const { problems } = finish(
        { ...good, metadata: { name } },
        { ...SET, metadata: { ...SET.metadata, annotations } },
      );
      const message = `metadata.name "${name}" is no template here: the set's annotation makes the delimiters ${'${{'} and }}`;
      assert.deepEqual(problems, [{ message, path: ['metadata', 'name'] }]);
      assert.doesNotMatch(finish({ ...good, metadata: { name } }).problems[0]?.message ?? '', /delimiters/);
    });
  }

  it('reports all that is wrong', () => {
    assert.equal(finish({ kind: 5, metadata: { labels: { a: 1, b: 2 } } }).problems.length, 5);
  });
});

describe('isClusterScoped', () => {
  for (const [apiVersion, kind, expected] of [
    ['v1', 'Namespace', true],
    ['v1', 'ConfigMap', false],
    ['apps/v1', 'Namespace', false],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', true],
    ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization', false],
    ['constructor/v1', 'Namespace', false],
  ] as const) {
    it(`${apiVersion} ${kind}: ${expected}`, () => assert.equal(isClusterScoped(apiVersion, kind), expected));
  }
});
