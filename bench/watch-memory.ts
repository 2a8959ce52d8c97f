import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startController } from '../test/harness/controller.ts';
import { openControllerWorld } from './controller-world.ts';

const SETS = 10_000;
const NAMESPACES = 100;
const PATIENCE = 1_800_000;
const IDLE = 60_000;
/** As the Deployment starts it. */
const NODE_OPTIONS = '--max-old-space-size=384';

/**
 * The resident memory of a controller with so many sets of one element each, all applied and watched: a minute after
 * all of them are ready, its highest until then, and its highest after metrics of all sets were read.
 */
export async function benchWatchMemory(): Promise<void> {
  const world = await openControllerWorld();
  try {
    const namespaces = await world.createNamespaces(NAMESPACES);
    await world.createSets({ count: SETS, elements: 1, namespaces });
    const flags = ['--concurrent=16'];
    const controller = await startController(world.server, { flags, env: { NODE_OPTIONS } });
    try {
      await world.waitForReady(SETS, PATIENCE);
      await delay(IDLE);
      const idle = await readMemory(controller.pid);
      for (let i = 0; i < 3; i++) await (await fetch(`${controller.metrics}/metrics`)).text();
      const read = await readMemory(controller.pid);
      process.stdout.write(
        `memory ${SETS} sets: ${idle.now} MiB a minute after all are ready, at most ${idle.most} MiB until then, ${read.most} MiB with metrics read\n`,
      );
    } finally {
      await controller.stop();
    }
  } finally {
    await world.close();
  }
}

/** Resident memory of a process now and at most, in MiB. */
async function readMemory(pid: number): Promise<{ now: number; most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024);
  return { now: field('VmRSS'), most: field('VmHWM') };
}
