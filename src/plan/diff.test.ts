import assert from 'node:assert/strict';
import { configMap, deliveredBefore, desiredFiles, OWNER, previousOf } from '../../test/harness/plan.ts';
import { sha256 } from '../lib/digest.ts';
import { stringifyYaml } from '../lib/yaml.ts';
import { diff, isRealChange } from './diff.ts';
import type { State } from './state.ts';
import type { Previous } from './target.ts';

const signal = new AbortController().signal;
const [a, b] = [configMap('a'), configMap('b')];
const edited = { ...a, data: { by: 'hand' } };

async function actions(
  desired: Parameters<typeof desiredFiles>[0],
  previous: Previous,
): Promise<Record<string, string>> {
  const changes = await diff(desiredFiles(desired), previous, {
    owner: OWNER,
    keep: () => undefined,
    signal,
  });
  return Object.fromEntries(changes.map(({ path, action }) => [path, action]));
}

const withTexts = (texts: Record<string, string>, { state }: Previous): Previous => previousOf(texts, state);

describe('diff', () => {
  const known = deliveredBefore([a, b]);
  const cases: [string, Parameters<typeof desiredFiles>[0], Previous, Record<string, string>][] = [
    ['creates what is not there', [a], previousOf({}), { 'a.yaml': 'created' }],
    ['leaves what is right', [a, b], known, { 'a.yaml': 'unchanged', 'b.yaml': 'unchanged' }],
    ['configures what differs', [edited, b], known, { 'a.yaml': 'configured', 'b.yaml': 'unchanged' }],
    ['deletes what is no longer desired', [a], known, { 'a.yaml': 'unchanged', 'b.yaml': 'deleted' }],
    [
      'creates again what somebody removed',
      [a, b],
      withTexts({ 'b.yaml': stringifyYaml(b) }, known),
      { 'a.yaml': 'created', 'b.yaml': 'unchanged' },
    ],
    [
      'takes an edit back',
      [a],
      withTexts({ 'a.yaml': stringifyYaml(edited) }, deliveredBefore([a])),
      { 'a.yaml': 'configured' },
    ],
    [
      'takes back an edit that is no YAML',
      [a],
      withTexts({ 'a.yaml': '{{' }, deliveredBefore([a])),
      { 'a.yaml': 'configured' },
    ],
    [
      'does not delete an edited file',
      [],
      withTexts({ 'a.yaml': stringifyYaml(edited) }, deliveredBefore([a])),
      { 'a.yaml': 'skipped' },
    ],
    ['does not delete what is gone', [], withTexts({}, deliveredBefore([a])), { 'a.yaml': 'skipped' }],
    [
      'takes over its own file when the state is lost',
      [edited],
      previousOf({ 'a.yaml': stringifyYaml(a) }),
      { 'a.yaml': 'configured' },
    ],
  ];
  for (const [title, desired, previous, expected] of cases) {
    it(title, async () => assert.deepEqual(await actions(desired, previous), expected));
  }

  const foreign: [string, string][] = [
    [
      'of another set',
      stringifyYaml({
        ...a,
        metadata: {
          ...a.metadata,
          labels: { 'generatorset.dev/name': 'x', 'generatorset.dev/namespace': 'flux-system' },
        },
      }),
    ],
    ['without labels', stringifyYaml({ ...a, metadata: { name: 'a' } })],
    ['that is no resource', 'a: 1\n'],
    ['that is no YAML', '\t{{'],
  ];
  for (const [what, text] of foreign) {
    it(`never overwrites a file ${what}`, async () => {
      await assert.rejects(actions([a], previousOf({ 'a.yaml': text })), {
        message:
          /ConfigMap\/flux-system\/a would overwrite "a\.yaml".*(no set wrote|of the set flux-system\/x): remove that file, or let this set write elsewhere/,
      });
    });
  }
});

describe('isRealChange', () => {
  const real = async (desired: Parameters<typeof desiredFiles>[0], previous: Previous) => {
    const files = desiredFiles(desired);
    const changes = await diff(files, previous, { owner: OWNER, keep: () => undefined, signal });
    return isRealChange(changes, previous.state, files);
  };
  const both = deliveredBefore([a, b]);
  const stateOf = (change: (state: State) => State): Previous => ({
    ...both,
    state: change(both.state as State),
  });
  const cases: [string, Parameters<typeof desiredFiles>[0], Previous, boolean][] = [
    ['is false when all is as it was', [a, b], both, false],
    ['is false for another order', [b, a], both, false],
    [
      'is false when only an edited file is left behind',
      [a],
      withTexts({ 'a.yaml': stringifyYaml(a), 'b.yaml': 'x: 1\n' }, both),
      false,
    ],
    ['is true for a new file', [a, b, configMap('c')], both, true],
    [
      'is true when the inventory does not know a file',
      [a, b],
      stateOf((state) => ({ ...state, inventory: state.inventory.slice(1) })),
      true,
    ],
    [
      'is true when a tracked file is gone for good',
      [a],
      withTexts({ 'a.yaml': stringifyYaml(a) }, both),
      true,
    ],
    [
      'is true when the state has another digest: the file could never be pruned',
      [a, b],
      stateOf((state) => ({
        ...state,
        inventory: state.inventory.map((entry) => ({ ...entry, digest: sha256('x') })),
      })),
      true,
    ],
  ];
  cases.push([
    'is true when a file has another element: it could not be kept while that one is held',
    [a, b],
    stateOf((state) => ({
      ...state,
      inventory: state.inventory.map((entry) => ({ ...entry, element: 'of before' })),
    })),
    true,
  ]);
  for (const [title, desired, previous, expected] of cases) {
    it(title, async () => assert.equal(await real(desired, previous), expected));
  }
});
