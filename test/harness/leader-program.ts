import { setTimeout as delay } from 'node:timers/promises';
import { openCluster } from '../../src/clients/cluster/open-cluster.ts';
import { LeaseElector } from '../../src/controller/lease-elector.ts';
import { systemElectionClock } from '../../src/controller/system-election.ts';
import { silentLogger } from '../../src/lib/logger.ts';

/**
 * A candidate of a leader election on a real API server that writes as fast as it can while its fence lets it: it
 * does not look whether it still leads. Each write says in its field manager whose it is. It ends at SIGTERM, after
 * its work; `block <milliseconds>` on stdin makes it do nothing else for so long, and `freeze <n>` stops it, as
 * SIGSTOP does, right after the n-th look of a write at its fence from then on, which still said yes.
 */
const [kubeconfig = '', namespace = '', identity = '', timing = ''] = process.argv.slice(2);
const [leaseDuration = 0, renewDeadline = 0, retryPeriod = 0] = timing.split(',').map(Number);

/** Writes at once. */
const WRITERS = 2;

const stop = new AbortController();
let working = true;
let reign = 0;
const writers = new Set<Promise<void>>();

let looksUntilFrozen = 0;

const options = { kubeconfig, userAgent: identity, log: silentLogger };
const cluster = await openCluster({ ...options, fence: lookAndFreeze });
const elector = new LeaseElector({
  client: cluster.unfenced,
  namespace,
  name: 'leader',
  identity,
  leaseDuration,
  renewDeadline,
  retryPeriod,
  clock: systemElectionClock,
  random: Math.random,
  log: {
    ...silentLogger,
    error: (message, fields) => say({ error: message, why: String(fields?.['error']) }),
  },
  campaignAgain: true,
  onStarted() {
    reign++;
    say({ started: reign, transitions: elector.transitions });
    for (let writer = 0; writer < WRITERS; writer++) {
      const writing = writeWhile(reign, writer).finally(() => writers.delete(writing));
      writers.add(writing);
    }
  },
  onStopped: () => say({ stopped: reign }),
});

process.on('SIGTERM', async () => {
  working = false;
  await Promise.all(writers);
  stop.abort();
});

process.stdin.on('data', (data) => {
  const [what, count = '0'] = String(data).trim().split(' ');
  if (what === 'freeze') looksUntilFrozen = Number(count);
  const end = performance.now() + (what === 'block' ? Number(count) : 0);
  while (performance.now() < end);
});
process.stdin.unref?.();

await elector.run(stop.signal);
await cluster.close();
process.exit(0);

function lookAndFreeze(): number {
  const left = elector.fence();
  if (looksUntilFrozen > 0 && --looksUntilFrozen === 0) process.kill(process.pid, 'SIGSTOP');
  return left;
}

/** Goes on when the leadership has ended: the fence alone must hold it, until it leads again. */
async function writeWhile(mine: number, writer: number): Promise<void> {
  for (let number = 0; working && reign === mine; number++) {
    try {
      await write(`${identity}.${mine}`, `${mine}-${writer}-${number}`);
      if (number === 0 && writer === 0) say({ wrote: mine });
    } catch {
      number = Math.max(number - 1, -1);
      await delay(1);
    }
  }
}

function write(fieldManager: string, text: string): Promise<unknown> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'written' }, data: { text } };
  return cluster.client.request(
    {
      method: 'PATCH',
      path: `/api/v1/namespaces/${namespace}/configmaps/written`,
      query: { fieldManager, force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: object,
      timeout: 3000,
    },
    new AbortController().signal,
  );
}

function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
