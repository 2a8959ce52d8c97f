import type { Decision } from '../api/decision.ts';
import type { GeneratedElement } from '../api/element.ts';
import { StalledError } from '../api/errors.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import { compareKeys } from '../lib/compare-keys.ts';
import { generateSet } from '../reconcile/generate-set.ts';
import { type Outcome, reconcile } from '../reconcile/reconcile.ts';
import type { World } from '../reconcile/world.ts';
import type { PastCommit, PastNote } from './backtest-result.ts';
import { keyPastElements } from './key-past-elements.ts';
import { decisionChanges, listChanges } from './list-changes.ts';
import { createMemoryTarget, type MemoryTarget } from './memory-target.ts';
import { pastWorld } from './past-world.ts';
import { formatTime, type Period, stepTimes } from './period.ts';
import { type StepPoint, stepPoint } from './step-line.ts';

/** What the passes are made in. */
export interface ReplayOptions {
  readonly world: World;
  readonly period: Period;
  /** In place of the `url` of the generators. */
  readonly prometheus?: string;
  readonly signal: AbortSignal;
  /** Told before each pass how many are done. */
  onStep?(done: number, total: number): void;
}

/** What the passes came to. */
export interface Replayed {
  readonly steps: number;
  readonly commits: readonly PastCommit[];
  readonly held: readonly PastNote[];
  readonly failed: readonly PastNote[];
  /** Each tuned value that there ever was, over time, by element and name. */
  readonly lines: readonly TunedLine[];
  /** The elements by key, each as it was given last. */
  readonly elements: ReadonlyMap<string, GeneratedElement>;
}

/** One tuned value of one element over time. */
export interface TunedLine extends Pick<Decision, 'element' | 'name'> {
  readonly points: readonly StepPoint[];
}

/** What is gathered while the passes are made. */
interface Gathered {
  readonly commits: PastCommit[];
  readonly held: PastNote[];
  readonly failed: PastNote[];
  readonly lines: Map<string, TunedLine & { readonly points: StepPoint[] }>;
  readonly elements: Map<string, GeneratedElement>;
}

/**
 * Makes the passes that a set would have made over a period, each upon what the one before left, beginning with an
 * empty target. A pass that fails changes nothing, as it would have then. Throws where only another spec helps, and
 * where every pass fails.
 */
export async function replaySteps(loaded: LoadedSet, options: ReplayOptions): Promise<Replayed> {
  const { namespace, name } = loaded.set.metadata;
  const target = createMemoryTarget(`backtest of ${namespace}/${name}`);
  const times = stepTimes(options.period);
  const gathered: Gathered = { commits: [], held: [], failed: [], lines: new Map(), elements: new Map() };
  for (const [done, time] of times.entries()) {
    options.onStep?.(done, times.length);
    try {
      await makePass(loaded, time, { ...options, target, gathered });
    } catch (error) {
      options.signal.throwIfAborted();
      if (error instanceof StalledError) throw error;
      gathered.failed.push({ time, message: (error as Error).message });
    }
  }
  checkAnySucceeded(gathered.failed, times.length);
  const lines = [...gathered.lines.values()].sort(byElementAndName);
  return { ...gathered, lines, steps: times.length };
}

/** One pass as it would have been made at a time, and what it came to. */
async function makePass(
  loaded: LoadedSet,
  time: number,
  { gathered, target, ...options }: ReplayOptions & { target: MemoryTarget; gathered: Gathered },
): Promise<void> {
  const world = pastWorld(new Date(time), { ...options, target });
  const pass = { memory: new ElementMemory(() => time), all: true, signal: options.signal };
  const before = target.state()?.decisions;
  const outcome = await reconcile(loaded, world, pass);
  gathered.held.push(...describeHolds(time, outcome));
  if (outcome.delivered) {
    const decisions = decisionChanges(before, target.state()?.decisions);
    for (const change of decisions) addPoint(gathered.lines, change, stepPoint(time, change.value));
    gathered.commits.push({ time, ...listChanges(outcome.plan), decisions });
  }
  // From the memory of the pass, so that nobody is asked again.
  const elements = await generateSet(loaded, world, { ...pass, all: false });
  for (const [key, element] of keyPastElements(loaded, elements)) gathered.elements.set(key, element);
}

function describeHolds(time: number, { plan }: Outcome): PastNote[] {
  const holds = [plan.held, plan.heldChanges].filter((hold) => hold !== undefined);
  return holds.map(({ message }) => ({ time, message }));
}

function addPoint(
  lines: Gathered['lines'],
  { element, name }: Pick<Decision, 'element' | 'name'>,
  point: StepPoint,
): void {
  const key = JSON.stringify([element, name]);
  const line = lines.get(key) ?? { element, name, points: [] };
  line.points.push(point);
  lines.set(key, line);
}

/** A set that could never do anything tells nothing. */
function checkAnySucceeded(failed: readonly PastNote[], steps: number): void {
  const last = failed.at(-1);
  if (!last || failed.length < steps) return;
  throw new Error(`each of the ${steps} steps fails; the one of ${formatTime(last.time)}: ${last.message}`);
}

function byElementAndName(a: TunedLine, b: TunedLine): number {
  return compareKeys(a.element, b.element) || compareKeys(a.name, b.name);
}
