import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Generator } from '../../generators/generator.ts';
import { list } from '../../generators/list/index.ts';
import type { Decision } from '../../src/api/decision.ts';
import type { GeneratorSetSpec, Tune } from '../../src/api/generatorset-schema.ts';
import type { Read } from '../../src/api/rendered-resource.ts';
import { readInput } from '../../src/cli/explain-input.ts';
import { emptyObjectReader } from '../../src/clients/files/object-reader.ts';
import { commitMessage } from '../../src/commit/commit-message.ts';
import { ElementMemory } from '../../src/generate/element-memory.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import type { Evidence } from '../../src/plan/change.ts';
import type { DesiredFile } from '../../src/plan/desired-file.ts';
import { explainResource } from '../../src/plan/explain.ts';
import { nextState } from '../../src/plan/next-state.ts';
import type { Previous } from '../../src/plan/target.ts';
import { type PlannedSet, planSet } from '../../src/reconcile/reconcile.ts';
import type { World } from '../../src/reconcile/world.ts';
import { fixedAmbient } from '../harness/ambient.ts';
import { previousOf } from '../harness/plan.ts';
import { loadedSet } from '../harness/sets.ts';

/** What leaves are made of: the names of decisions, other fields of the element, and text that reads nothing. */
const DECISIONS = ['limit', 'request', 'replicas'] as const;
const FIELDS = ['team', 'bytes'] as const;
type Part = (typeof DECISIONS)[number] | (typeof FIELDS)[number] | 'text';

/** A leaf as its parts; the test knows what each must give. */
type Leaf = readonly Part[];

const HOUR = 3_600_000;
const START = Date.parse('2026-02-03T04:05:06Z');

/** An element of a pass. */
interface Workload extends JsonObject {
  name: string;
  team: string;
  bytes: number | typeof NO_INPUT;
}

/** What stands in place of a number that nobody measured. */
const NO_INPUT = 'unknown';

const part = fc.constantFrom<Part>(...DECISIONS, ...FIELDS, 'text');
const leaves = fc.array(fc.array(part, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
const team = fc.oneof(fc.constantFrom('web', 'core'), fc.string({ maxLength: 100 }));
const bytes = fc.integer({ min: 1, max: 2 ** 40 });
const rules = fc.record(
  {
    margin: fc.constantFrom('10%', '20%'),
    minChange: fc.constantFrom('10%', '50%'),
    cooldown: fc.constantFrom('1h', '24h'),
    maxDecrease: fc.constantFrom('20%', '50%'),
    increaseOnly: fc.boolean(),
  },
  { requiredKeys: [] },
);
const passes = fc.array(fc.record({ team, bytes, hasInput: fc.boolean() }), { minLength: 2, maxLength: 2 });

const cases = fc.record({
  leaves,
  rules: fc.array(rules, { minLength: 3, maxLength: 3 }),
  workloads: fc.array(passes, { minLength: 1, maxLength: 4 }),
  hours: fc.integer({ min: 1, max: 48 }),
});

function specOf(all: readonly Leaf[], tuned: readonly Partial<Tune>[]): Partial<GeneratorSetSpec> {
  const units = [{ unit: 'memory', roundUp: '1Mi' }, { unit: 'cpu' }, { unit: 'integer' }];
  const tune = DECISIONS.map((name, index) => {
    return { name, from: '{{ .Element.bytes }}', ...units[index], ...tuned[index] } as Tune;
  });
  const data = Object.fromEntries(
    all.map((leaf, index) => [`k${index}`, `{{ "" }}${leaf.map(templateOf).join('-')}`]),
  );
  const metadata = { name: '{{ .Element.name }}' };
  return {
    elementKey: '{{ .Element.name }}',
    tune,
    templates: [{ content: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } }],
  };
}

function templateOf(one: Part): string {
  return one === 'text' ? 'text' : `{{ .Element.${one} }}`;
}

/** The set's plan for these elements at this time. */
function planFor(
  spec: Partial<GeneratorSetSpec>,
  elements: readonly Workload[],
  { previous, now }: { previous: Previous; now: Date },
): Promise<PlannedSet> {
  const refuse = async (): Promise<never> => Promise.reject(new Error('not in this test'));
  const world: World = {
    generators: [list as Generator],
    readers: {
      objects: emptyObjectReader,
      http: { request: refuse },
      git: { open: refuse },
      artifacts: { open: refuse },
      log: silentLogger,
    },
    openTarget: async () => ({ key: 'x', description: 'x', read: async () => previous, deliver: refuse }),
    now: () => now,
    random: () => 0,
    ambient: fixedAmbient(),
  };
  const loaded = loadedSet('demo', { ...spec, generators: [{ list: { elements } }] });
  const { signal } = new AbortController();
  return planSet(loaded, world, { memory: new ElementMemory(() => 0), all: true, signal });
}

/** The files and the state that stand once a plan was delivered. */
function delivered({ plan, desired, rendered }: PlannedSet, now: Date): Previous {
  const texts = Object.fromEntries(desired.map(({ path, text }) => [path, text]));
  return previousOf(texts, nextState(plan, { desired, ...rendered }, undefined, now));
}

/** What one leaf of an element must give and must have read, by the decisions of the plan alone. */
function expectLeaf(leaf: Leaf, workload: Workload, planned: PlannedSet) {
  const decisions = (planned.rendered.decisions ?? []).filter(({ element }) => element === workload.name);
  const show = (one: Part): string | number => {
    if (one === 'text') return one;
    const decision = decisions.find(({ name }) => name === one);
    if (!decision) return workload[one as 'team' | 'bytes'];
    return one === 'replicas' ? Number(decision.value) : decision.value;
  };
  const read = [...new Set(leaf)].filter((one) => one !== 'text');
  return {
    text: leaf.map(show).join('-'),
    reads: read.map((one): Read => ({ path: `.Element.${one}`, value: show(one) })),
    decisions: read.flatMap((one) => decisions.filter(({ name }) => name === one)),
  };
}

/** The lines of a commit's trailers, as one decision must stand there. */
function trailerOf({ name, value, rule, previous, input }: Decision): string {
  const was = previous === undefined ? '' : `was ${previous}, `;
  return `Decision: ${name} = ${value} (${rule}, ${was}from ${input}`;
}

const remembered = ({ element, name, value, since, rule, input, previous }: Decision) => ({
  ...{ element, name, value, since, rule, input },
  ...(previous !== undefined && { previous }),
});

/** One random world, and its plan. */
interface Scene {
  readonly spec: Partial<GeneratorSetSpec>;
  readonly leaves: readonly Leaf[];
  /** The elements of both passes, by the time of the pass. */
  readonly elements: ReadonlyMap<string, readonly Workload[]>;
  readonly before: ReadonlyMap<string, JsonObject>;
  readonly planned: PlannedSet;
}

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function workloadsOf({ workloads }: Case, pass: 0 | 1): Workload[] {
  return workloads.map((given, index) => {
    const { team: name, bytes: measured, hasInput } = given[pass] ?? assert.fail();
    // Where no element has an input, there is no plan.
    return { name: `w${index}`, team: name, bytes: hasInput || index === 0 ? measured : NO_INPUT };
  });
}

/** Delivers the first pass, and plans the second. */
async function play(given: Case): Promise<Scene> {
  const spec = specOf(given.leaves, given.rules);
  const [start, now] = [new Date(START), new Date(START + given.hours * HOUR)];
  const [early, late] = [workloadsOf(given, 0), workloadsOf(given, 1)];
  const first = await planFor(spec, early, { previous: previousOf({}), now: start });
  const planned = await planFor(spec, late, { previous: delivered(first, start), now });
  return {
    spec,
    leaves: given.leaves,
    elements: new Map([
      [start.toISOString(), early],
      [now.toISOString(), late],
    ]),
    before: new Map(first.desired.map(({ id, rendered }) => [id, rendered.resource['data'] as JsonObject])),
    planned,
  };
}

/** The changed leaves of one file as they must be explained, by field. */
function expectLeaves(file: DesiredFile, workload: Workload, { leaves: all, before, planned }: Scene) {
  const old = before.get(file.id);
  const told = all.map((leaf, index) => ({ key: `k${index}`, ...expectLeaf(leaf, workload, planned) }));
  return told.filter(({ key, reads, text }) => (old ? old[key] !== text : reads.length > 0));
}

/** Checks the evidence of one file, and gives the decisions that it must name. */
function checkFile(file: DesiredFile, scene: Scene): Decision[] {
  const { plan } = scene.planned;
  const change = plan.changes.find(({ id }) => id === file.id) ?? assert.fail('a file without a change');
  const workload = workloadOf(file, scene);
  const expected = expectLeaves(file, workload, scene);
  const evidence = change.evidence.filter(({ field }) => field.startsWith('data.'));
  assert.deepEqual(
    evidence.map(({ field, after, element, reads, decisions }) => {
      return { field, after, element, reads, decisions: decisions.map(remembered) };
    }),
    expected.map(({ key, text, reads, decisions }) => {
      return { field: `data.${key}`, after: text, element: workload.name, reads, decisions };
    }),
  );
  for (const leaf of evidence) {
    checkInputs(leaf, scene);
    checkExplanation(leaf, file, scene);
  }
  return expected.flatMap(({ decisions }) => decisions);
}

function workloadOf(file: DesiredFile, { elements }: Scene): Workload {
  const late = [...elements.values()].at(-1) ?? [];
  return late.find(({ name }) => name === file.rendered.from.key) ?? assert.fail('a file without an element');
}

/** A decision was made from what its element said in the pass of that time. */
function checkInputs({ element, decisions }: Evidence, { elements }: Scene): void {
  for (const { since, input } of decisions) {
    const workload = elements.get(since)?.find(({ name }) => name === element);
    assert.equal(input, String(workload?.bytes));
  }
}

/** `explain` says of a leaf what its evidence says, and what the input reads now. */
function checkExplanation(leaf: Evidence, file: DesiredFile, scene: Scene): void {
  const { set, source } = loadedSet('demo', scene.spec);
  const workload = workloadOf(file, scene);
  const { fields } = explainResource(file, {
    field: leaf.field,
    set: { source, templates: set.spec.templates },
    delivered: [],
    readInput: (name) => readInput(set, name, { ...file.rendered.from, element: workload }),
  });
  const { field, after, before, ...origin } = leaf;
  const reads = [{ path: '.Element.bytes', value: workload.bytes }];
  const decisions = leaf.decisions.map((decision) => ({ ...decision, reads, delivered: false }));
  assert.deepEqual(fields, [{ ...origin, at: 'set.yaml:1:1', field, value: after, decisions }]);
}

/** The trailers name what was read, and nothing else; where it is too much, ten of it. */
function checkTrailers(read: readonly Decision[], { planned }: Scene): void {
  const message = commitMessage({ namespace: 'flux-system', name: 'demo' }, planned.plan);
  const shown = message.split('\n').filter((line) => line.startsWith('Decision: '));
  const stems = [...new Set(shown.map((line) => line.replace(/(?:, kept: \w+)?\)$/, '')))];
  const expected = new Set(read.map(trailerOf));
  for (const stem of stems) assert.ok(expected.has(stem), `${stem} was not read`);
  // Two elements may have the very same decision; the trailers of each tell it.
  if (read.length <= 10) assert.equal(stems.length, expected.size);
  else assert.ok(shown.length <= 10);
}

describe('evidence, trailers and explain', function () {
  this.timeout(120_000);

  it('name exactly the decisions and raw values that the plan used', async () => {
    let decided = 0;
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const scene = await play(given);
        const read = scene.planned.desired.flatMap((file) => checkFile(file, scene));
        checkTrailers(read, scene);
        decided += read.length;
      }),
      { numRuns: 200 },
    );
    assert.ok(decided > 300, `only ${decided} decisions were read`);
  });
});
