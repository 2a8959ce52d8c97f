import assert from 'node:assert/strict';
import { useKubeApiserver } from '../components/kube-apiserver.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { soakWatches } from '../harness/watch-soak.ts';

describe('soak: watches that break', function suite() {
  this.timeout(3_600_000);
  const server = useKubeApiserver({ audit: 'None' });
  const folder = useTemporaryFolder();

  it('lose no event of 100,000 changes in 5,000 breaks of all kinds', async () => {
    const figures = await soakWatches({
      server: server(),
      folder: folder.path,
      breaks: 5000,
      changes: 100_000,
      namespaces: 10,
      objects: 1000,
      random: Math.random,
      onProgress: (line) => process.stderr.write(`${line}\n`),
    });
    process.stderr.write(`${JSON.stringify(figures, undefined, 2)}\n`);
    assert.ok(figures.breaks >= 5000 && figures.changes >= 100_000);
    assert.equal(figures.misses, 0);
    assert.equal(figures.listenersFailed, 0);
  });
});
