import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openApplyWorld } from '../components/apply-world.ts';
import { createNamespace } from '../components/cluster-objects.ts';
import { useKubeApiserver } from '../components/kube-apiserver.ts';
import { clusterPlace } from '../components/shrink-cluster-place.ts';
import { directoryPlace, repositoryPlace } from '../harness/shrink-places.ts';
import { proveMany } from '../harness/shrink-sequences.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

const seed = Number(process.env['SHRINK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe(`soak: sets that shrink (seed ${seed})`, function suite() {
  this.timeout(3_600_000);
  const server = useKubeApiserver({ audit: 'None' });
  const folder = useTemporaryFolder();

  it('never lose more than their guard lets go, in 500 sequences in a directory', () =>
    proveAndTell(500, async (index, prove) => prove(directoryPlace(await folderOf(index)))));

  it('never lose more than their guard lets go, in 25 sequences in a repository', () =>
    proveAndTell(25, async (index, prove) => prove(repositoryPlace(await folderOf(index)))));

  it('never lose more than their guard lets go, in 20 sequences in a cluster', () =>
    proveAndTell(20, async (_, prove) => {
      const world = await openApplyWorld(server(), {
        namespace: await createNamespace(server()),
        name: 'shrinking',
      });
      await prove(clusterPlace(server(), world)).finally(() => world.close());
    }));

  async function folderOf(index: number): Promise<string> {
    const path = join(folder.path, `${index}`);
    await mkdir(path);
    return path;
  }
});

/** Prints what happened. */
async function proveAndTell(count: number, run: Parameters<typeof proveMany>[1]): Promise<void> {
  const figures = await proveMany({ count, seed }, run);
  process.stderr.write(`      ${JSON.stringify(figures)}\n`);
}
