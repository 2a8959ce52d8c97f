import { createTreeReader } from '../../src/clients/git/tree-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';

/** Reads the head of a repository over and over, with a cache that others use too, until it is killed. */
const [url = '', cacheFolder = ''] = process.argv.slice(2);
const signal = AbortSignal.timeout(10_000);
const reader = createTreeReader({ cacheFolder, allowFile: true, log: silentLogger });
process.stdout.write('ready\n');
while (!signal.aborted) {
  const tree = await reader.open({ url, ref: { branch: 'main' } }, signal);
  await tree.list(signal);
}
