import assert from 'node:assert/strict';
import type { Generator } from '../../generators/generator.ts';
import type { Element } from '../../src/api/element.ts';
import type { GeneratorSetSpec, Guard } from '../../src/api/generatorset-schema.ts';
import { ElementMemory } from '../../src/generate/element-memory.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Target } from '../../src/plan/target.ts';
import { type Outcome, reconcile } from '../../src/reconcile/reconcile.ts';
import type { World } from '../../src/reconcile/world.ts';
import { fixedAmbient } from './ambient.ts';
import { seededRandom } from './seeded-random.ts';
import { loadedSet } from './sets.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Where the resources of one set are. */
export interface ShrinkPlace {
  /** Namespace and name of the set whose place it is. */
  readonly set: { readonly namespace: string; readonly name: string };
  /** The target of one pass, at this time. */
  open(now: Date): Promise<Target>;
  /** Names of all resources that are there, each with a text or version that every write changes. */
  list(): Promise<ReadonlyMap<string, string>>;
}

/** A set that grows and shrinks: what it is made of, and what its generators would answer. */
interface Model {
  readonly guard: Guard;
  readonly hasKeys: boolean;
  /** Names by generator; undefined where its answer fails. */
  readonly answers: (string[] | undefined)[];
  /** Suffixes of the names that each template gives. */
  templates: string[];
  generators: number[];
  /** Elements without a value, and elements that cannot be rendered. */
  readonly missing: Set<string>;
  readonly broken: Set<string>;
  /** Milliseconds since 1970. */
  now: number;
  approved: string[];
}

/** What was seen of one pass: how many resources there were before and after it, and how many it deleted and made. */
interface Seen {
  readonly at: number;
  readonly before: number;
  readonly left: number;
  readonly gone: number;
  readonly made: number;
}

/** What happened in a sequence. */
export interface ShrinkFigures {
  passes: number;
  deletions: number;
  held: number;
  /** Passes with elements that were held. */
  elements: number;
  approved: number;
  refused: number;
  failed: number;
}

/** Passes of one sequence. */
const STEPS = 20;

/** Proves so many sequences, each in a place of its own; what happens in them follows from the seed. */
export async function proveMany(
  { count, seed }: { readonly count: number; readonly seed: number },
  run: (index: number, prove: (place: ShrinkPlace) => Promise<void>) => Promise<void>,
): Promise<ShrinkFigures> {
  const figures = noFigures();
  for (let index = 0; index < count; index++) {
    const random = seededRandom(seed + index);
    const prove = (place: ShrinkPlace) => proveShrinking(place, { random, steps: STEPS, figures });
    await run(index, prove).catch((error: Error) => {
      throw new Error(`sequence ${index}: ${error.message}`, { cause: error });
    });
  }
  return figures;
}

/** Figures of nothing. */
function noFigures(): ShrinkFigures {
  return { passes: 0, deletions: 0, held: 0, elements: 0, approved: 0, refused: 0, failed: 0 };
}

/** What is known of a sequence. */
interface Sequence {
  readonly place: ShrinkPlace;
  readonly model: Model;
  readonly memory: ElementMemory;
  readonly figures: ShrinkFigures;
  /** All passes that came to their end. */
  readonly ledger: Seen[];
  /** Digests of plans that were held since the last delivery: these alone can be approved. */
  readonly told: Set<string>;
}

/**
 * Makes passes over a set that shrinks in every way that there is, and proves after each that no more was deleted than
 * its guard lets go in 24 hours, unless this very plan was approved. Adds to the figures.
 */
async function proveShrinking(
  place: ShrinkPlace,
  { random, steps, figures }: { random: () => number; steps: number; figures: ShrinkFigures },
): Promise<void> {
  const memory = new ElementMemory(() => 0);
  const model = makeModel(random);
  const sequence: Sequence = { place, model, memory, figures, ledger: [], told: new Set() };
  let heldDigest: string | undefined;
  for (let step = 0; step < steps; step++) {
    const happened = step === 0 ? 'first' : change(model, { random, heldDigest });
    const plan = await provePass(sequence, `step ${step} (${happened}), ${JSON.stringify(model.guard)}`);
    if (plan) heldDigest = plan.held && plan.digest;
  }
}

/** One pass; gives its plan, undefined where it failed. */
async function provePass(sequence: Sequence, step: string): Promise<Plan | undefined> {
  const { place, model, figures } = sequence;
  const before = await place.list();
  const outcome = await pass(sequence);
  const after = await place.list();
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const seen: Seen = {
    at: model.now,
    before: before.size,
    left: after.size,
    gone: gone.length,
    made: [...after.keys()].filter((name) => !before.has(name)).length,
  };
  const where = `${step}, ${before.size} -> ${after.size}`;
  figures.passes++;
  figures.deletions += seen.gone;
  if (outcome instanceof Error) {
    figures.failed++;
    assert.deepEqual(after, before, `${where}: changed though ${outcome.message}`);
    return undefined;
  }
  const { held } = outcome.plan;
  if (held) assert.deepEqual(after, before, `${where}: changed though ${held.message}`);
  for (const name of gone) checkKept(outcome, name, where);
  if (seen.gone > 0) checkDeletions(sequence, { seen, outcome, where });
  remember(sequence, seen, outcome);
  return outcome.plan;
}

/** What an element has stays while the element cannot be rendered, whoever approved of what. */
function checkKept({ elements }: Outcome, name: string, where: string): void {
  const failed = elements.filter(({ reason }) => reason === 'RenderFailed').map(({ key }) => key);
  const key = failed.find((one) => name.startsWith(`${one}-`) || name.includes(`-${one}-`));
  assert.equal(key, undefined, `${where}: ${name} is gone`);
}

/** Either this very plan was held, told and approved, or the guard let it go. */
function checkDeletions(
  { model, told, figures, ledger }: Sequence,
  { seen, outcome: { plan }, where }: { seen: Seen; outcome: Outcome; where: string },
): void {
  const isApproved = told.has(plan.digest) && model.approved.includes(plan.digest);
  if (isApproved) figures.approved++;
  else checkBudget(model.guard, { seen, ledger, where });
}

function remember(
  { model, told, figures, ledger }: Sequence,
  seen: Seen,
  { plan, delivered, elements }: Outcome,
) {
  ledger.push(seen);
  if (plan.held) told.add(plan.digest);
  if (delivered) told.clear();
  if (plan.held) figures.held++;
  if (plan.held && model.approved.length > 0) figures.refused++;
  if (elements.some(({ phase }) => phase === 'Held')) figures.elements++;
}

/** Of all that there was within 24 hours, no more than the share goes in these; and never the last. */
function checkBudget(
  { onEmpty, maxPrune }: Guard,
  { seen, ledger, where }: { readonly seen: Seen; readonly ledger: readonly Seen[]; readonly where: string },
): void {
  if (seen.left === 0) {
    assert.equal(onEmpty, 'prune', `${where}: the last is gone`);
    return;
  }
  const recent = ledger.filter(({ at }) => seen.at - at < DAY);
  const total = recent.reduce((sum, { gone }) => sum + gone, seen.gone);
  const had = recent.reduce((sum, { made }) => sum + made, recent[0]?.before ?? seen.before);
  const limit = budget(maxPrune, had);
  assert.ok(total <= limit, `${where}: ${total} of ${had} deleted in 24 hours, ${limit} may be`);
}

function budget(maxPrune: string | number, size: number): number {
  if (typeof maxPrune === 'number') return maxPrune;
  const percent = Number.parseFloat(maxPrune);
  return percent === 0 ? 0 : Math.max(1, Math.floor((percent * size) / 100));
}

async function pass({ model, place, memory }: Sequence): Promise<Outcome | Error> {
  const world: World = {
    generators: [answersOf(model)],
    // The generator of the model asks nobody.
    readers: { log: silentLogger } as unknown as World['readers'],
    openTarget: () => place.open(new Date(model.now)),
    now: () => new Date(model.now),
    random: Math.random,
    ambient: fixedAmbient(),
  };
  const loaded = loadedSet(place.set.name, specOf(model, place));
  const named = { ...loaded, set: { ...loaded.set, metadata: { ...place.set } } };
  const signal = AbortSignal.timeout(60_000);
  const run = reconcile(named, world, { memory, all: true, approved: model.approved, signal });
  return run.catch((error: Error) => error);
}

/** The generator of the model, which fails where there is no answer. */
function answersOf({ answers, missing, broken }: Model): Generator {
  return {
    name: 'answers',
    schema: {},
    async generate(spec) {
      const names = answers[(spec as { index: number }).index];
      if (!names) throw new Error('no answer');
      return names.map(
        (name): Element => ({
          name,
          ...(!missing.has(name) && { value: 100 }),
          ...(!broken.has(name) && { text: 'x' }),
        }),
      );
    },
  };
}

function specOf(
  { guard, hasKeys, templates, generators }: Model,
  { set }: ShrinkPlace,
): Partial<GeneratorSetSpec> {
  const keyed: Partial<GeneratorSetSpec> = {
    elementKey: '{{ .Element.name }}',
    tune: [
      { name: 'limit', from: '{{ .Element.value }}', unit: 'integer', margin: '0%', increaseOnly: false },
    ],
  };
  return {
    guard,
    generators: generators.map((index) => ({ answers: { index } })),
    templates: templates.map((suffix) => ({
      content: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `{{ .Element.name }}-${suffix}`, namespace: set.namespace },
        data: { text: '{{ .Element.text }}' },
      },
    })),
    ...(hasKeys && keyed),
  };
}

function makeModel(random: () => number): Model {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const maxPrune = pick(['0%', '5%', '10%', '20%', '20%', '33%', '50%', '100%', 0, 1, 3, 10] as const);
  const onEmpty = pick(['hold', 'hold', 'prune', 'fail'] as const);
  const count = 1 + Math.floor(random() * 12);
  return {
    guard: { onEmpty, maxPrune },
    hasKeys: random() < 0.6,
    answers: [names('a', count), names('b', Math.floor(random() * 8))],
    templates: pick([['x'], ['x', 'y'], ['x', 'y', 'z']]),
    generators: [0, 1],
    missing: new Set(),
    broken: new Set(),
    now: Date.parse('2026-03-01T12:00:00Z'),
    approved: [],
  };
}

function names(prefix: string, count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${from + index}`);
}

type Way = (model: Model, random: () => number) => void;

/** All ways in which resources come and go. */
const WAYS: Readonly<Record<string, Way>> = {
  'fewer elements': (model, random) => {
    const index = random() < 0.5 ? 0 : 1;
    const share = random();
    model.answers[index] = model.answers[index]?.filter(() => random() < share);
  },
  'one element less': ({ answers }, random) => {
    const list = answers[random() < 0.5 ? 0 : 1];
    list?.splice(Math.floor(random() * list.length), 1);
  },
  'an empty answer': ({ answers }, random) => {
    if (random() < 0.5) answers.fill([]);
    else answers[0] = [];
  },
  'no answer': ({ answers }) => {
    answers[0] = undefined;
  },
  'a good answer': ({ answers, missing, broken }, random) => {
    answers[0] = names('a', 1 + Math.floor(random() * 12));
    answers[1] = names('b', Math.floor(random() * 8));
    missing.clear();
    broken.clear();
  },
  'other elements': ({ answers }, random) => {
    answers[0] = names('a', 1 + Math.floor(random() * 12), Math.floor(random() * 40));
  },
  'a rename': (model, random) => {
    model.templates[0] = `r${Math.floor(random() * 1000)}`;
  },
  'a template less': (model) => {
    if (model.templates.length > 1) model.templates.pop();
  },
  'a template more': (model) => {
    if (model.templates.length < 3) model.templates.push(`t${model.templates.length}`);
  },
  'a generator less': (model) => {
    model.generators = model.generators.slice(0, 1);
  },
  'a generator more': (model) => {
    model.generators = [0, 1];
  },
  'elements without a value': ({ answers, missing }, random) => {
    for (const name of answers[0] ?? []) if (random() < 0.4) missing.add(name);
  },
  'elements that cannot be rendered': ({ answers, broken }, random) => {
    for (const name of answers[0] ?? []) if (random() < 0.3) broken.add(name);
  },
};

/** Something happens to the set, some time goes by, and somebody may approve of something; gives what it was. */
function change(
  model: Model,
  { random, heldDigest }: { random: () => number; heldDigest: string | undefined },
): string {
  model.templates = [...model.templates];
  const approval = heldDigest === undefined ? 1 : random();
  const other = `sha256:${'0'.repeat(64)}`;
  if (approval < 0.2) {
    // Nothing else happens: what is approved is what is held.
    model.approved = [other, heldDigest as string];
    return 'approved';
  }
  const titles = Object.keys(WAYS);
  const title = titles[Math.floor(random() * titles.length)] as string;
  WAYS[title]?.(model, random);
  model.now += random() < 0.1 ? DAY + HOUR * random() : 4 * HOUR * random();
  // An approval of what was held before the change, one of nothing at all, those of before, or none.
  if (approval < 0.4) model.approved = [heldDigest as string];
  else if (approval < 0.5) model.approved = [other];
  else if (random() < 0.3) model.approved = [];
  return title;
}
