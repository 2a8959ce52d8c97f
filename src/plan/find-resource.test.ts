import assert from 'node:assert/strict';
import { configMap } from '../../test/harness/plan.ts';
import { resourceId } from '../api/resource.ts';
import { findResource, type NamedResource, nameId, nameResource } from './find-resource.ts';

const named = (id: string): NamedResource => ({
  ...nameId(id),
  id,
  paths: [`${id}.yaml`, `apps/${id}.yaml`],
});

const PODINFO = 'flux-system_podinfo_kustomize.toolkit.fluxcd.io_Kustomization';
const RESOURCES = [
  PODINFO,
  'flux-system_podinfo__ConfigMap',
  'apps_podinfo__ConfigMap',
  '_apps__Namespace',
  'flux-system_other__ConfigMap',
].map(named);

describe('findResource', () => {
  const found: [string, string][] = [
    ['Kustomization/podinfo', PODINFO],
    ['kustomization/podinfo', PODINFO],
    ['kustomization.kustomize.toolkit.fluxcd.io/podinfo', PODINFO],
    ['Kustomization.kustomize.toolkit.fluxcd.io/flux-system/podinfo', PODINFO],
    ['ConfigMap/apps/podinfo', 'apps_podinfo__ConfigMap'],
    ['configmap/other', 'flux-system_other__ConfigMap'],
    ['Namespace/apps', '_apps__Namespace'],
    [PODINFO, PODINFO],
    [`${PODINFO}.yaml`, PODINFO],
    [`./apps/${PODINFO}.yaml`, PODINFO],
  ];
  for (const [wanted, id] of found) {
    it(`finds ${wanted}`, () => assert.equal(findResource(wanted, RESOURCES).id, id));
  }

  const refused: [string, RegExp][] = [
    [
      'Kustomization/podinfos',
      /^no resource "Kustomization\/podinfos"; the closest are "Kustomization\/flux-system\/podinfo", /,
    ],
    ['kustomization.apps/podinfo', /^no resource/],
    ['Kustomization/Podinfo', /^no resource/],
    ['podinfo', /^no resource/],
    ['', /^no resource/],
    ['__proto__/x', /^no resource/],
    [
      'ConfigMap/podinfo',
      /^more than one resource "ConfigMap\/podinfo": give one of the ids flux-system_podinfo__ConfigMap, apps_podinfo__ConfigMap$/,
    ],
  ];
  for (const [wanted, message] of refused) {
    it(`refuses ${wanted || 'nothing'}`, () =>
      assert.throws(() => findResource(wanted, RESOURCES), { message }));
  }

  it('says only that there is none where there are no resources', () => {
    assert.throws(() => findResource('a/b', []), { message: 'no resource "a/b"' });
  });
});

describe('nameId', () => {
  it('gives what the resource itself says', () => {
    const resource = { ...configMap('a_b'), apiVersion: 'example.com/v1' };
    assert.deepEqual(nameId(resourceId(resource)), nameResource(resource));
  });

  it('takes an id that is none as it comes', () => {
    assert.deepEqual(nameId('x'), { kind: '', group: '', namespace: 'x', name: '' });
  });
});
