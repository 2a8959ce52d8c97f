import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Element, Origin } from '../../src/api/element.ts';
import type { ArtifactRef, ObjectRef } from '../../src/api/readers.ts';
import type { Resource } from '../../src/api/resource.ts';
import { createTreeReader } from '../../src/clients/git/tree-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { git, makeRepository } from '../../test/harness/git.ts';
import { recordingOptions } from '../../test/harness/git-options.ts';
import { useTemporaryFolder } from '../../test/harness/temporary-folder.ts';
import type { GenerateContext } from '../generator.ts';
import { gitRepository } from './index.ts';

const SPEC = { repositoryRef: 'fleet', directories: [{ path: 'apps/*' }] };
const V1 = 'source.toolkit.fluxcd.io/v1';

describe('gitRepository', () => {
  const folder = useTemporaryFolder();
  let url = '';
  let commit = '';
  let queries: (string | undefined)[] = [];
  let opened: ArtifactRef[] = [];

  beforeEach(() => {
    url = makeRepository(join(folder.path, 'fleet.git'), { 'apps/web/k.yaml': 'a: 1\n' });
    commit = git(url, ['rev-parse', 'main']).trim();
    queries = [];
    opened = [];
  });

  /** An object of a file: it was never in a cluster. */
  function source(spec: object, parts: object = {}, apiVersion = V1): Resource {
    const metadata = { name: 'fleet', namespace: 'apps' };
    return { apiVersion, kind: 'GitRepository', metadata, spec, ...parts } as unknown as Resource;
  }

  function context(object: Resource | undefined): GenerateContext {
    return {
      namespace: 'apps',
      signal: AbortSignal.timeout(60_000),
      log: silentLogger,
      note: (_: Element, origin: Origin) => queries.push(origin.query),
      objects: {
        async get(ref: ObjectRef) {
          assert.equal(ref.namespace, 'apps');
          return object?.kind === ref.kind && object?.apiVersion === ref.apiVersion ? object : undefined;
        },
      },
      git: createTreeReader(recordingOptions(join(folder.path, 'cache'))),
      artifacts: {
        async open(artifact: ArtifactRef) {
          opened.push(artifact);
          const list = async () => [{ path: 'apps/packed', type: 'directory' as const }];
          return { revision: artifact.revision, list, read: async () => new Map() };
        },
      },
    } as unknown as GenerateContext;
  }

  const artifact = { url: 'http://source/a.tar.gz', digest: 'sha256:0', revision: 'main@sha1:1' };

  for (const apiVersion of [V1, 'source.toolkit.fluxcd.io/v1beta2']) {
    it(`reads the artifact of a source of ${apiVersion}, and says of which revision`, async () => {
      const object = source({ url }, { status: { artifact } }, apiVersion);
      assert.deepEqual(await gitRepository.generate(SPEC, context(object)), [
        { Directory: './apps/packed', Base: 'packed' },
      ]);
      assert.deepEqual(opened, [artifact]);
      assert.deepEqual(queries, ['GitRepository apps/fleet@main@sha1:1']);
    });
  }

  const refs: readonly [ref: () => object, revision: () => string][] = [
    [() => ({ branch: 'main' }), () => `main@sha1:${commit}`],
    [() => ({ tag: 'v1', branch: 'other' }), () => `v1@sha1:${commit}`],
    [() => ({ commit, branch: 'other' }), () => `sha1:${commit}`],
  ];
  for (const [ref, revision] of refs) {
    it(`reads the repository itself of a source without an artifact at ${Object.keys(ref())[0]}`, async () => {
      git(url, ['tag', 'v1', 'main']);
      const elements = await gitRepository.generate(SPEC, context(source({ url, ref: ref() })));
      assert.deepEqual(elements, [{ Directory: './apps/web', Base: 'web' }]);
      assert.deepEqual(queries, [`GitRepository apps/fleet@${revision()}`]);
    });
  }

  const failing: readonly [what: string, object: () => Resource | undefined, message: RegExp][] = [
    ['a missing source', () => undefined, /^GitRepository apps\/fleet does not exist$/],
    ['the default branch of Flux', () => source({ url }), /has no branch master/],
    [
      'a range of versions',
      () => source({ url, ref: { semver: '1.x' } }),
      /spec\.ref\.semver is known only to/,
    ],
    [
      'included repositories',
      () => source({ url, include: [] }),
      /spec\.include is honoured only in an artifact/,
    ],
    ['no URL', () => source({}), /has neither status\.artifact nor spec\.url/],
    [
      'an artifact without a digest',
      () => source({}, { status: { artifact: { url: 'x' } } }),
      /without digest/,
    ],
  ];
  for (const [what, object, message] of failing) {
    it(`fails for ${what}`, () =>
      assert.rejects(gitRepository.generate(SPEC, context(object())), { name: 'Error', message }));
  }

  it('waits for the artifact of a source in a cluster, and never clones it', async () => {
    const object = source({ url, ref: { branch: 'main' } }, { metadata: { name: 'fleet', uid: 'u' } });
    await assert.rejects(gitRepository.generate(SPEC, context(object)), {
      name: 'WaitingError',
      reason: 'ArtifactNotReady',
      message: 'GitRepository apps/fleet has no artifact yet',
    });
  });
});
