import type { ArtifactRef, ObjectReader } from '../../src/api/readers.ts';
import type { Resource } from '../../src/api/resource.ts';
import { artifactAt, packEntries, packFiles } from '../harness/archives.ts';

const API_VERSION = 'source.toolkit.fluxcd.io/v1';

/** Sources of Flux in namespace `apps`, and the archives that a server has of them. */
export interface Sources {
  /** Archives by the path at which they are served. */
  readonly archives: ReadonlyMap<string, Buffer>;
  /** The reader, which knows the sources as well. */
  withSources(reader: ObjectReader, origin: string): ObjectReader;
}

/** Sources that are well, and those with every trouble; bad ones hold the canary where they can. */
export async function makeSources(files: Readonly<Record<string, string>>, canary: string): Promise<Sources> {
  const archive = await packFiles(files);
  const escaping = await packEntries([{ name: '../x', content: canary }]);
  const archives = new Map([
    ['/fleet.tar.gz', archive],
    ['/escaping.tar.gz', escaping],
    ['/lying.tar.gz', await packFiles({ [canary]: canary })],
    ['/text.tar.gz', Buffer.from(canary)],
  ]);
  const artifacts = (origin: string): Readonly<Record<string, Partial<ArtifactRef> | undefined>> => ({
    fleet: artifactAt(`${origin}/fleet.tar.gz`, archive),
    escaping: artifactAt(`${origin}/escaping.tar.gz`, escaping),
    lying: artifactAt(`${origin}/lying.tar.gz`, archive),
    text: artifactAt(`${origin}/text.tar.gz`, Buffer.from(canary)),
    gone: artifactAt(`${origin}/nowhere`, archive),
    slow: artifactAt(`${origin}/hang/fleet.tar.gz`, archive),
    metadata: artifactAt(`http://169.254.169.254/?${canary}`, archive),
    named: artifactAt(`http://u:${canary}@fleet/`, archive),
    unchecked: { url: `${origin}/fleet.tar.gz`, revision: canary },
    weak: { ...artifactAt(`${origin}/fleet.tar.gz`, archive), digest: 'md5:00' },
    waiting: undefined,
  });
  return {
    archives,
    withSources: (reader, origin) => ({
      ...reader,
      async get(ref, signal) {
        const known = artifacts(origin);
        if (ref.apiVersion !== API_VERSION || !Object.hasOwn(known, ref.name)) return reader.get(ref, signal);
        const artifact = known[ref.name];
        const metadata = { name: ref.name, namespace: ref.namespace, uid: 'u' };
        return { ...ref, metadata, status: artifact ? { artifact } : {} } as unknown as Resource;
      },
    }),
  };
}
