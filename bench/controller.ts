import { startController } from '../test/harness/controller.ts';
import { applyByHand } from './apply.ts';
import { type ControllerWorld, openControllerWorld } from './controller-world.ts';
import { seconds, timed } from './measure.ts';
import { benchUnchanged } from './unchanged.ts';

const SETS = 1000;
const ELEMENTS = 4;
const NAMESPACES = 10;
const ROUNDS = 2;
/** Requests of the bare loop at once; the controller works on as many sets. */
const PARALLEL = 16;
const PATIENCE = 600_000;

/**
 * How long a controller takes from its start until sets that it has never seen are all ready, beside bare loops of
 * server-side applies of as many ConfigMaps, one after the other and so many at a time; and a pass over what is unchanged, beside kubectl.
 */
export async function benchController(): Promise<void> {
  const world = await openControllerWorld();
  try {
    await benchLive(world);
    await benchUnchanged(world);
  } finally {
    await world.close();
  }
}

async function benchLive(world: ControllerWorld): Promise<void> {
  const live: number[] = [];
  const inTurn: number[] = [];
  const atOnce: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [parallel, times] of [[1, inTurn] as const, [PARALLEL, atOnce] as const]) {
      const resources = await handMade(world);
      times.push(await timed(() => applyByHand(world.client, resources, parallel)));
    }
    live.push(await runController(world, round));
  }
  const ours = Math.min(...live);
  const beside = (times: number[]): string =>
    `${seconds(Math.min(...times))}, ratio ${(ours / Math.min(...times)).toFixed(2)}`;
  process.stdout.write(
    `controller ${SETS} sets x ${ELEMENTS}: ${seconds(ours)} from its start until all are ready, a bare loop of ${SETS * ELEMENTS} applies one after the other ${beside(inTurn)}, ${PARALLEL} at a time ${beside(atOnce)}\n`,
  );
}

/** The ConfigMaps that the sets make, in namespaces of their own. */
async function handMade(world: ControllerWorld) {
  const namespaces = await world.createNamespaces(NAMESPACES);
  return Array.from({ length: SETS * ELEMENTS }, (_, index) => {
    const set = Math.floor(index / ELEMENTS);
    const namespace = namespaces[set % NAMESPACES] as string;
    const labels = { 'generatorset.dev/name': `s${set}`, 'generatorset.dev/namespace': namespace };
    const name = `s${set}-${index % ELEMENTS}`;
    return {
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      ...{ metadata: { name, namespace, labels }, data: { team: name } },
    };
  });
}

async function runController(world: ControllerWorld, round: number): Promise<number> {
  const labels = { round: String(round) };
  const namespaces = await world.createNamespaces(NAMESPACES);
  await world.createSets({ count: SETS, elements: ELEMENTS, namespaces, labels });
  const start = performance.now();
  const flags = [`--concurrent=${PARALLEL}`, `--watch-label-selector=round=${round}`];
  const controller = await startController(world.server, { flags });
  try {
    await world.waitForReady(SETS * round, PATIENCE);
    return performance.now() - start;
  } finally {
    await controller.stop();
  }
}
