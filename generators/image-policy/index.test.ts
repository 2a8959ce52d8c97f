import assert from 'node:assert/strict';
import { WaitingError } from '../../src/api/errors.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { imagePolicy } from './index.ts';

const V1 = 'image.toolkit.fluxcd.io/v1';
const V1BETA2 = 'image.toolkit.fluxcd.io/v1beta2';
const PODINFO = 'ghcr.io/stefanprodan/podinfo';

function run(status: object | undefined, apiVersion = V1, failing?: string) {
  const policy = {
    apiVersion,
    kind: 'ImagePolicy',
    metadata: { name: 'podinfo', namespace: 'apps' },
    ...(status && { status }),
  };
  const { context } = makeContext({}, [policy]);
  const { get, list } = context.objects;
  const objects: typeof context.objects = {
    list,
    get: async (ref, signal) =>
      failing === 'all' || ref.apiVersion === failing
        ? Promise.reject(new Error(`no ${ref.apiVersion}`))
        : get(ref, signal),
  };
  return imagePolicy.generate({ policyRef: 'podinfo' }, { ...context, objects });
}

const element = (latest: string[], previous: string[] = ['', '']) => ({
  latestImage: latest[0],
  image: latest[1],
  latestTag: latest[2],
  previousImage: previous[0],
  previousTag: previous[1],
});

describe('imagePolicy', () => {
  const ref = (name: string, tag: string) => ({ name, tag });
  const cases: [what: string, status: object, expected: object][] = [
    [
      'latest and previous image',
      { latestRef: ref(PODINFO, '6.5.1'), observedPreviousRef: ref(PODINFO, '6.5.0') },
      element([`${PODINFO}:6.5.1`, PODINFO, '6.5.1'], [`${PODINFO}:6.5.0`, '6.5.0']),
    ],
    [
      'no previous image as empty texts',
      { latestRef: ref(PODINFO, '1') },
      element([`${PODINFO}:1`, PODINFO, '1']),
    ],
    [
      'a digest with the image',
      { latestRef: { ...ref(PODINFO, '1'), digest: 'sha256:ab' } },
      element([`${PODINFO}:1@sha256:ab`, PODINFO, '1']),
    ],
    [
      'a name of Docker Hub in full',
      { latestRef: ref('nginx', '1') },
      element(['nginx:1', 'index.docker.io/library/nginx', '1']),
    ],
    [
      'a name below docker.io in full',
      { latestRef: ref('docker.io/bitnami/nginx', '1') },
      element(['docker.io/bitnami/nginx:1', 'index.docker.io/bitnami/nginx', '1']),
    ],
    [
      'a registry with a port, as older versions write it',
      { latestImage: 'registry:5000/nginx:1', observedPreviousImage: 'registry:5000/nginx' },
      element(['registry:5000/nginx:1', 'registry:5000/nginx', '1'], ['registry:5000/nginx', '']),
    ],
  ];
  for (const [what, status, expected] of cases) {
    it(`gives ${what}`, async () => assert.deepEqual(await run(status), [expected]));
  }

  it('reads the version that there is', async () => {
    const status = { latestRef: ref(PODINFO, '1') };
    assert.equal((await run(status, V1BETA2)).length, 1);
    assert.equal((await run(status, V1BETA2, V1)).length, 1);
    assert.equal((await run(status, V1, V1BETA2)).length, 1);
    await assert.rejects(run(status, V1, 'all'), { message: `no ${V1}` });
  });

  for (const status of [undefined, {}, { latestRef: null }, { latestImage: '' }]) {
    it(`waits while the status is ${JSON.stringify(status)}`, async () => {
      await assert.rejects(run(status), (error: Error) => {
        assert.ok(error instanceof WaitingError && error.retryAfter > 0);
        assert.match(error.message, /^ImagePolicy apps\/podinfo has no latest image yet/);
        return true;
      });
    });
  }

  const failures: [what: string, latestRef: object][] = [
    ['no name', { tag: '1' }],
    ['neither tag nor digest', { name: PODINFO }],
    ['a tag that is a number', { name: PODINFO, tag: 1 }],
  ];
  for (const [what, latestRef] of failures) {
    it(`fails on ${what}`, () =>
      assert.rejects(run({ latestRef }), /status\.latestRef names no image with a tag or a digest$/));
  }

  it('fails on a policy that is missing', () =>
    assert.rejects(run({}, 'other/v1'), { message: 'ImagePolicy apps/podinfo does not exist' }));
});
