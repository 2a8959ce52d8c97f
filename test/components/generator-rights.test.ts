import assert from 'node:assert/strict';
import { generators } from '../../generators/index.ts';
import { type ClusterSet, clusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { patchObject, useController } from '../harness/controller-suite.ts';
import { type CasePlace, type GeneratorCase, generatorCases } from '../harness/generator-cases.ts';
import { type GeneratorOutside, startGeneratorOutside } from '../harness/generator-outside.ts';
import { type GeneratorRight, readRights } from '../harness/generator-rights.ts';
import {
  applyObject,
  createNamespace,
  createServiceAccount,
  grantRole,
  type PolicyRule,
  readObject,
  waitFor,
} from './cluster-objects.ts';
import { GIT_REPOSITORY_CRD, KUSTOMIZATION_CRD, looseCrd } from './flux-crds.ts';
import type { KubeObject } from './kube-request.ts';

const CRDS = [
  GIT_REPOSITORY_CRD,
  KUSTOMIZATION_CRD,
  ...(
    [
      ['source.toolkit.fluxcd.io', 'v1', 'OCIRepository', 'ocirepositories'],
      ['image.toolkit.fluxcd.io', 'v1', 'ImagePolicy', 'imagepolicies'],
      ['gitops.weave.works', 'v1alpha1', 'GitopsCluster', 'gitopsclusters'],
    ] as const
  ).map(([group, version, kind, plural]) => looseCrd({ group, version, kind, plural })),
];

/** What sets make here: nothing that a generator of this suite reads. */
const MADE = { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization' };
const MADE_RULES: PolicyRule[] = [
  { apiGroups: ['kustomize.toolkit.fluxcd.io'], resources: ['kustomizations'], verbs: ['*'] },
];

/** Milliseconds within which a change must be seen; the intervals here are a day or none. */
const SOON = 10_000;

describe('the rights that the READMEs of generators name', function suite() {
  this.timeout(90_000);
  const { server } = useController({ crds: CRDS });
  let outside: GeneratorOutside;
  let place: CasePlace;
  before(async () => {
    outside = await startGeneratorOutside();
  });
  after(() => outside.close());
  beforeEach(async () => {
    place = { namespace: await createNamespace(server()), outside };
  });

  it('are proven here for every generator, and for every row', () => {
    const names = generators.map(({ name }) => name);
    assert.deepEqual(Object.keys(generatorCases).sort(), [...names].sort());
    for (const name of names) {
      const cases = (generatorCases[name] ?? []).filter(({ rightsOf }) => rightsOf === undefined);
      const proven = readRights(name).map(({ use }) => cases.some((one) => use.includes(one.use)));
      assert.deepEqual(
        proven,
        proven.map(() => true),
        `the table of ${name}`,
      );
    }
  });

  function rightOf(name: string, { use, rightsOf = name, reads }: GeneratorCase): GeneratorRight {
    const right = readRights(rightsOf).find((one) => one.use.includes(use));
    assert.ok(right, `${rightsOf} has no row for ${use}`);
    return {
      ...right,
      read: { ...right.read, ...reads },
      follow: { ...right.follow, ...reads },
    };
  }

  /** An account that may make what the set makes, and read what the rules say. */
  async function makeAccount(
    name: string,
    rules: readonly PolicyRule[],
    isClusterWide: boolean,
  ): Promise<string> {
    const { namespace } = place;
    const { user } = await createServiceAccount(server(), { name, namespace }, MADE_RULES);
    if (isClusterWide) await grantRole(server(), { user, name: `${namespace}-${name}` }, rules);
    else await grantRole(server(), { user, namespace, name: `${name}-reads` }, rules);
    return user;
  }

  /** Writes objects as their owners do: the status apart. */
  async function applyAll(objects: readonly KubeObject[]): Promise<void> {
    for (const { status, ...object } of objects) {
      await applyObject(server(), object as KubeObject);
      if (status) await patchObject(server(), object as KubeObject, { status }, { status: true });
    }
  }

  function setOf(name: string, one: GeneratorCase): ClusterSet {
    const metadata = { name: 'out-{{ .ElementIndex }}' };
    const content = { ...MADE, metadata, spec: { path: one.text } };
    const generator = { [name]: one.spec(place) };
    return clusterSet(place.namespace, [], {
      spec: {
        generators: [generator],
        templates: [{ content }],
        serviceAccountName: 'nothing',
        guard: { onEmpty: 'prune', maxPrune: '100%' },
      },
    });
  }

  function waitForTexts(wanted: string): Promise<unknown> {
    const path = `/apis/${MADE.apiVersion}/namespaces/${place.namespace}/kustomizations`;
    return waitFor(
      `the texts ${wanted}`,
      async () => {
        const { body } = await server().request<{ items: { spec: { path: string } }[] }>('GET', path);
        return body.items.map(({ spec }) => spec.path).join(' ') === wanted;
      },
      SOON,
    );
  }

  const actAs = (set: ClusterSet, serviceAccountName: string) =>
    patchObject(server(), set, { spec: { serviceAccountName } });

  /** Waits for the elements before the change, or for the failure that the change ends. */
  async function waitForBefore(set: ClusterSet, { before: wanted }: GeneratorCase): Promise<void> {
    if (wanted !== undefined) await waitForTexts(wanted);
    const status = wanted === undefined ? 'False' : 'True';
    await waitForCondition(server(), set, { status, message: /^(?!.* may not )/ });
  }

  for (const [name, cases] of Object.entries(generatorCases)) {
    for (const one of cases) {
      it(`are what ${name} needs for ${one.use.replaceAll('`', '')}, and no less`, async () => {
        const { read, follow, isClusterWide } = rightOf(name, one);
        const nobody = await makeAccount('nothing', [], isClusterWide);
        await makeAccount('reader', [read], isClusterWide);
        await makeAccount('follower', [read, follow], isClusterWide);
        await applyAll(one.objects(place, 'before'));
        const set = setOf(name, one);
        await applyObject(server(), set);
        const [verb] = read.verbs;
        const resource = [...(read.resources ?? []), ...(read.apiGroups ?? [])]
          .filter((it) => it !== '')
          .join('.');
        await waitForCondition(server(), set, {
          status: 'False',
          reason: 'AccessDenied',
          message: new RegExp(
            `${nobody} may not ${verb} ${resource}.*: grant it the verb ${verb} on ${resource} by a`,
          ),
        });

        await actAs(set, 'reader');
        await waitForBefore(set, one);
        const unwatched = await readObject<ClusterSet>(server(), set);
        assert.equal(conditionOf(unwatched, 'Unwatched')?.status, 'True');

        await actAs(set, 'follower');
        await waitForBefore(set, one);
        await applyAll(one.objects(place, 'after'));
        await waitForTexts(one.after);
        const watched = await waitForCondition(server(), set, { status: 'True' });
        assert.equal(conditionOf(watched, 'Unwatched'), undefined);
      });
    }
  }
});
