import { createTreeReader } from '../../src/clients/git/tree-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';

/** Reads the head of a repository over and over, with a cache that others use too, until it is killed. */
const [url = '', cacheFolder = ''] = process.argv.slice(2);
// Enough to be killed in the middle; and an end, if nobody does.
const COUNT = 300;
const signal = AbortSignal.timeout(120_000);
const reader = createTreeReader({ cacheFolder, allowFile: true, log: silentLogger });
process.stdout.write('ready\n');
for (let count = 0; count < COUNT; count++) {
  const tree = await reader.open({ url, ref: { branch: 'main' } }, signal);
  await tree.list(signal);
}
