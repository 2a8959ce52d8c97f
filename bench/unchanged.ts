import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { stringifyJson } from '../src/lib/json.ts';
import { clusterSet } from '../test/harness/cluster-sets.ts';
import { startController, type TestController } from '../test/harness/controller.ts';
import type { ControllerWorld } from './controller-world.ts';
import { seconds, timed } from './measure.ts';

const run = promisify(execFile);

const UNCHANGED = 1000;
/** The sides take turns, so many times; the least of each counts. */
const ROUNDS = 3;
const PASSES = 3;
const PATIENCE = 120_000;

/** A pass over ConfigMaps of which none has changed, beside kubectl that applies the same ones again. */
export async function benchUnchanged(world: ControllerWorld): Promise<void> {
  const [namespace, theirs] = (await world.createNamespaces(2)) as [string, string];
  const names = Array.from({ length: UNCHANGED }, (_, index) => `c${index}`);
  const controller = await startController(world.server, { flags: ['--watch-label-selector=round=none'] });
  const folder = await mkdtemp(join(tmpdir(), 'generatorset-bench-'));
  try {
    const file = join(folder, 'objects.json');
    const items = names.map((name) => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      ...{ metadata: { name, namespace: theirs }, data: { team: name } },
    }));
    await writeFile(file, stringifyJson({ apiVersion: 'v1', kind: 'List', items }));
    const kubectl = () =>
      run('kubectl', [
        `--kubeconfig=${world.server.kubeconfig}`,
        ...['apply', '--server-side', '-o', 'name', '-f', file],
      ]);
    const set = clusterSet(namespace, names, { spec: { interval: '5s' } });
    const labelled = { ...set, metadata: { ...set.metadata, labels: { round: 'none' } } };
    await kubectl();
    await world.server.request(
      'POST',
      `/apis/generatorset.dev/v1alpha1/namespaces/${namespace}/generatorsets`,
      labelled,
    );
    await waitForPasses(controller, 1);
    const byKubectl: number[] = [];
    const ours: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      ours.push(await measurePasses(controller));
      byKubectl.push(await timed(kubectl));
    }
    const [least, most] = [Math.min(...ours), Math.min(...byKubectl)];
    process.stdout.write(
      `controller ${UNCHANGED} unchanged ConfigMaps: a pass ${least.toFixed(0)} ms, kubectl apply --server-side ${seconds(most)}, ${(most / least).toFixed(0)} times faster\n`,
    );
  } finally {
    await controller.stop();
    await rm(folder, { recursive: true });
  }
}

/** The mean of some passes, in milliseconds, as the controller's own metrics tell. */
async function measurePasses(controller: TestController): Promise<number> {
  const before = await passesOf(controller);
  await waitForPasses(controller, before.count + PASSES);
  const after = await passesOf(controller);
  return ((after.seconds - before.seconds) * 1000) / (after.count - before.count);
}

async function waitForPasses(controller: TestController, count: number): Promise<void> {
  const end = performance.now() + PATIENCE;
  while ((await passesOf(controller)).count < count) {
    if (performance.now() > end) throw new Error(`${count} passes were not made in time`);
    await delay(200);
  }
}

async function passesOf(controller: TestController): Promise<{ count: number; seconds: number }> {
  const name = 'gotk_reconcile_duration_seconds';
  return { count: await controller.metric(`${name}_count`), seconds: await controller.metric(`${name}_sum`) };
}
