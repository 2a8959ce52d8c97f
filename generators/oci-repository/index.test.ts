import assert from 'node:assert/strict';
import type { Element, Origin } from '../../src/api/element.ts';
import type { ArtifactRef, ObjectRef } from '../../src/api/readers.ts';
import { createArtifactReader } from '../../src/clients/artifact/artifact-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { artifactAt, packEntries, packFiles } from '../../test/harness/archives.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import type { GenerateContext } from '../generator.ts';
import { ociRepository } from './index.ts';
import type { OciRepositorySpec } from './schema.ts';

const V1 = 'source.toolkit.fluxcd.io/v1';
const DIRECTORIES: OciRepositorySpec = { repositoryRef: 'fleet', directories: [{ path: 'apps/*' }] };
const URL = 'http://source-controller/ocirepository/apps/fleet/sha256.tar.gz';
const FILES = {
  'apps/web/kustomization.yaml': 'resources: []\n',
  'apps/api/kustomization.yaml': 'resources: []\n',
  'teams.yaml': 'name: web\nreplicas: 9007199254740993\n',
};

/** A run of the generator with one source, whose artifact is what is downloaded. */
class Run {
  readonly notes: Origin[] = [];
  readonly asked: ObjectRef[] = [];
  readonly downloaded: string[] = [];
  readonly #context: GenerateContext;

  constructor(archive: Buffer, source: object | undefined) {
    const { context, refs } = makeContext({}, source ? [source] : []);
    this.asked = refs;
    const download = async ({ url }: { readonly url: string }) => {
      this.downloaded.push(url);
      return archive;
    };
    this.#context = {
      ...context,
      artifacts: createArtifactReader({ download, log: silentLogger }),
      note: (_: Element, origin: Origin) => this.notes.push(origin),
    };
  }

  generate(spec: OciRepositorySpec, signal = this.#context.signal): Promise<Element[]> {
    return ociRepository.generate(spec, { ...this.#context, signal });
  }
}

function sourceWith(artifact: Partial<ArtifactRef> | undefined, apiVersion = V1): object {
  const metadata = { name: 'fleet', namespace: 'apps', uid: 'u' };
  return { apiVersion, kind: 'OCIRepository', metadata, spec: {}, status: artifact ? { artifact } : {} };
}

describe('ociRepository', () => {
  let archive: Buffer;
  let artifact: ArtifactRef;
  before(async () => {
    archive = await packFiles(FILES);
    artifact = artifactAt(URL, archive, '6.5.1@sha256:8f2b');
  });

  for (const apiVersion of [V1, 'source.toolkit.fluxcd.io/v1beta2']) {
    it(`gives directories of the artifact of a source of ${apiVersion}, and says of which revision`, async () => {
      const run = new Run(archive, sourceWith(artifact, apiVersion));
      assert.deepEqual(await run.generate(DIRECTORIES), [
        { Directory: './apps/api', Base: 'api' },
        { Directory: './apps/web', Base: 'web' },
      ]);
      const query = 'OCIRepository apps/fleet@6.5.1@sha256:8f2b';
      assert.deepEqual(run.notes, [{ query }, { query }]);
      assert.deepEqual(run.downloaded, [URL]);
    });
  }

  it('gives what files hold, number for number', async () => {
    const run = new Run(archive, sourceWith(artifact));
    const elements = await run.generate({ repositoryRef: 'fleet', files: [{ path: './teams.yaml' }] });
    assert.deepEqual(elements, [{ name: 'web', replicas: 9007199254740993n }]);
  });

  it('looks in the namespace of the set only', async () => {
    const run = new Run(archive, sourceWith(artifact));
    await run.generate(DIRECTORIES);
    assert.deepEqual([...new Set(run.asked.map(({ namespace }) => namespace))], ['apps']);
  });

  it('waits while there is no artifact', async () => {
    await assert.rejects(new Run(archive, sourceWith(undefined)).generate(DIRECTORIES), {
      name: 'WaitingError',
      reason: 'ArtifactNotReady',
      message: 'OCIRepository apps/fleet has no artifact yet',
    });
  });

  const failing: [what: string, run: () => Promise<Run> | Run, spec: OciRepositorySpec, message: RegExp][] = [
    [
      'a missing source',
      () => new Run(archive, undefined),
      DIRECTORIES,
      /^OCIRepository apps\/fleet does not exist$/,
    ],
    [
      'a source of another kind with this name',
      () => new Run(archive, { ...sourceWith(artifact), kind: 'GitRepository' }),
      DIRECTORIES,
      /^OCIRepository apps\/fleet does not exist$/,
    ],
    [
      'an artifact without a digest',
      () => new Run(archive, sourceWith({ url: URL, revision: 'x' })),
      DIRECTORIES,
      /has an artifact without digest/,
    ],
    [
      'an artifact that is not the one of its digest',
      () => new Run(Buffer.from('other'), sourceWith(artifact)),
      DIRECTORIES,
      /not the one of its digest/,
    ],
    [
      'an archive that leads out of itself',
      async () => {
        const bad = await packEntries([{ name: '../x', content: 'x' }]);
        return new Run(bad, sourceWith(artifactAt(URL, bad)));
      },
      DIRECTORIES,
      /\.\.\/x/,
    ],
    [
      'a pattern without a match',
      () => new Run(archive, sourceWith(artifact)),
      { repositoryRef: 'fleet', directories: [{ path: 'clusters/*' }] },
      /no directory matches "clusters\/\*"/,
    ],
    [
      'a file that is not there',
      () => new Run(archive, sourceWith(artifact)),
      { repositoryRef: 'fleet', files: [{ path: 'none.yaml' }] },
      /none\.yaml/,
    ],
  ];
  for (const [what, makeRun, spec, message] of failing) {
    it(`fails for ${what}`, async () => {
      const run = await makeRun();
      await assert.rejects(run.generate(spec), (error: Error) => {
        assert.match(error.message, message);
        assert.deepEqual(run.notes, []);
        return true;
      });
    });
  }

  it('asks nobody when it was stopped before', async () => {
    const run = new Run(archive, sourceWith(artifact));
    await assert.rejects(run.generate(DIRECTORIES, AbortSignal.abort(new Error('stopped'))), /stopped/);
    assert.deepEqual([run.asked, run.downloaded], [[], []]);
  });

  it('has no interval, and says what it reads', () => {
    assert.equal(ociRepository.interval, undefined);
    assert.equal(ociRepository.query?.(DIRECTORIES), 'OCIRepository fleet');
  });
});
