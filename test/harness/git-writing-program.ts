import { openRepository } from '../../src/clients/git/git-repository.ts';
import { createGitTarget } from '../../src/commit/git-target.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { deliverFiles } from './git-delivery.ts';

/** Delivers one change after another to a repository until it is killed. */
const [url = '', cacheFolder = '', first = '0'] = process.argv.slice(2);
const target = createGitTarget({
  set: { namespace: 'flux-system', name: 'podinfo' },
  repository: openRepository({ url }, { cacheFolder, allowFile: true, log: silentLogger }),
  branch: 'main',
  path: 'apps',
  author: { name: 'Bot', email: 'bot@example.com' },
});
process.stdout.write('ready\n');
// Enough to be killed in the middle; and an end, if nobody does.
const COUNT = 300;
for (let number = Number(first); number < Number(first) + COUNT; number++) {
  await deliverFiles(target, { 'a.yaml': `number: ${number}\n` });
  process.stdout.write('delivered\n');
}
