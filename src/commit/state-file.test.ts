import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { State } from '../plan/state.ts';
import type { DeliveryIntent } from './delivery-intent.ts';
import { parseState, stateFilePath, stringifyState } from './state-file.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const EMPTY: State = { version: 1, inventory: [], deletions: [] };

const PLACE = { file: 'x of y', advice: 'ask somebody' };

const ENTRY = { path: 'a.yaml', id: 'ns_a__ConfigMap', digest: DIGEST, generator: 0, template: 0 };

const DECISION = {
  element: 'a',
  name: 'limit',
  value: '64Mi',
  since: '2026-03-01T12:00:00.000Z',
  rule: 'Computed',
  input: '1',
} as const;

describe('stateFilePath', () => {
  it('is below .generatorset, by namespace and name', () =>
    assert.equal(
      stateFilePath({ namespace: 'flux-system', name: 'a.b' }),
      '.generatorset/flux-system/a.b.state',
    ));

  for (const name of ['', '..', 'a/b', 'A', '-a', 'a..b', 'a\nb', 'x'.repeat(254)]) {
    it(`refuses the name ${JSON.stringify(name.slice(0, 10))}`, () => {
      assert.throws(() => stateFilePath({ namespace: 'ns', name }), /is no Kubernetes name/);
      assert.throws(() => stateFilePath({ namespace: name, name: 'a' }), /is no Kubernetes name/);
    });
  }
});

describe('stringifyState', () => {
  it('has one entry a line, sorted by path', () => {
    const state: State = {
      version: 1,
      inventory: [{ ...ENTRY, path: 'b.yaml', element: 'k' }, ENTRY],
      deletions: [{ id: 'x', at: '2026-01-01T00:00:00.000Z' }],
      delivered: DIGEST,
    };
    assert.deepEqual(stringifyState(state).split('\n'), [
      '{',
      '  "version": 1,',
      '  "inventory": [',
      `    {"path":"a.yaml","id":"ns_a__ConfigMap","digest":"${DIGEST}","generator":0,"template":0},`,
      `    {"path":"b.yaml","id":"ns_a__ConfigMap","digest":"${DIGEST}","element":"k","generator":0,"template":0}`,
      '  ],',
      '  "deletions": [',
      '    {"at":"2026-01-01T00:00:00.000Z","id":"x"}',
      '  ],',
      `  "delivered": "${DIGEST}"`,
      '}',
      '',
    ]);
  });

  it('refuses a state that could not be read again', () => {
    const decisions = Array.from({ length: 100_001 }, () => DECISION);
    assert.throws(
      () => stringifyState({ ...EMPTY, decisions }),
      /the state of 0 resources and 100001 tuned values is larger than can be read again .*: split the set/,
    );
    const long = decisions.slice(0, 10_000).map((decision) => ({ ...decision, element: 'x'.repeat(4000) }));
    assert.throws(() => stringifyState({ ...EMPTY, decisions: long }), /10000 tuned values is larger/);
  });

  it('is the same text whatever the order', () => {
    const path = fc.stringMatching(/^[a-z]{1,8}\.yaml$/);
    const entries = fc
      .uniqueArray(path, { maxLength: 10 })
      .map((paths) => paths.map((name) => ({ ...ENTRY, path: name })));
    fc.assert(
      fc.property(entries, (inventory) => {
        const shuffled = [...inventory].reverse();
        const text = stringifyState({ ...EMPTY, inventory });
        assert.equal(stringifyState({ ...EMPTY, inventory: shuffled }), text);
        const read = parseState(text, PLACE).state.inventory.map((entry) => entry.path);
        assert.deepEqual(read, inventory.map((entry) => entry.path).sort());
      }),
    );
  });
});

describe('parseState', () => {
  it('reads what was written', () => {
    const state: State = {
      version: 1,
      inventory: [{ ...ENTRY, element: 'ключ "x"' }],
      deletions: [{ id: 'x', at: '2026-01-01T00:00:00Z' }],
      delivered: DIGEST,
    };
    assert.deepEqual(parseState(stringifyState(state), PLACE), { state });
    assert.deepEqual(parseState(stringifyState(EMPTY), PLACE), { state: EMPTY });
  });

  it('reads what a delivery was about to do', () => {
    const intent: DeliveryIntent = {
      writes: [{ ...ENTRY, element: 'a' }],
      removals: [{ path: 'b.yaml', id: 'x', at: '2026-01-01T00:00:00Z' }],
    };
    assert.deepEqual(parseState(stringifyState(EMPTY, intent), PLACE), { state: EMPTY, intent });
  });

  const broken: { name: string; text: string; message: RegExp }[] = [
    { name: 'an empty file', text: '', message: /not valid JSON/ },
    { name: 'a file cut off', text: stringifyState(EMPTY).slice(0, 30), message: /not valid JSON/ },
    { name: 'a merge conflict', text: '<<<<<<< HEAD\n{}', message: /not valid JSON/ },
    { name: 'a list', text: '[]', message: /not a JSON object/ },
    {
      name: 'another version',
      text: '{"version": 2, "inventory": [], "deletions": []}',
      message: /version is not 1/,
    },
    { name: 'no inventory', text: '{"version": 1, "deletions": []}', message: /"inventory" must be a list/ },
    {
      name: 'an inventory of texts',
      text: '{"version": 1, "inventory": ["x"], "deletions": []}',
      message: /list of objects/,
    },
    { name: '__proto__', text: '{"version": 1, "__proto__": {"inventory": []}}', message: /__proto__/ },
    ...[
      { change: { path: '../../etc/passwd' }, message: /"\.\.\/\.\.\/etc\/passwd" is not normalised/ },
      { change: { path: '.git/config' }, message: /begins with a dot/ },
      { change: { path: '.generatorset/ns/other.state' }, message: /begins with a dot/ },
      { change: { path: 7 }, message: /"path" must be a text/ },
      { change: { id: '' }, message: /"id" must be a text/ },
      { change: { id: 'x'.repeat(5000) }, message: /"id" must be a text/ },
      { change: { digest: 'sha256:short' }, message: /digest/ },
      { change: { digest: undefined }, message: /digest/ },
      { change: { generator: -1 }, message: /generator of an entry/ },
      { change: { template: 1.5 }, message: /template of an entry/ },
      { change: { element: {} }, message: /"element" must be a text/ },
    ].map(({ change, message }) => ({
      name: `an entry with ${JSON.stringify(change).slice(0, 40)}`,
      text: JSON.stringify({ version: 1, inventory: [{ ...ENTRY, ...change }], deletions: [] }),
      message,
    })),
    {
      name: 'a path that is listed twice',
      text: JSON.stringify({ version: 1, inventory: [ENTRY, ENTRY], deletions: [] }),
      message: /listed twice/,
    },
    ...[
      { change: { value: 'much' }, message: /"much" is not a quantity/ },
      { change: { value: '' }, message: /"value" must be a text/ },
      { change: { since: 'yesterday' }, message: /"since" is no valid time/ },
      { change: { rule: 'Guessed' }, message: /no rule "Guessed"/ },
    ].map(({ change, message }) => ({
      name: `a decision with ${JSON.stringify(change)}`,
      text: JSON.stringify({
        ...{ version: 1, inventory: [], deletions: [] },
        decisions: [{ ...DECISION, ...change }],
      }),
      message,
    })),
    {
      name: 'a decision that is listed twice',
      text: JSON.stringify({ version: 1, inventory: [], deletions: [], decisions: [DECISION, DECISION] }),
      message: /listed twice/,
    },
    {
      name: 'a deletion without a time',
      text: JSON.stringify({ version: 1, inventory: [], deletions: [{ id: 'x', at: 'yesterday' }] }),
      message: /no valid time/,
    },
    {
      name: 'a delivered digest that is none',
      text: JSON.stringify({ version: 1, inventory: [], deletions: [], delivered: 'x' }),
      message: /delivered is not a sha256/,
    },
    ...[
      { intent: [], message: /"intent" must be an object/ },
      { intent: { writes: [] }, message: /"removals" must be a list/ },
      { intent: { writes: [{ ...ENTRY, path: '../x' }], removals: [] }, message: /not normalised/ },
      {
        intent: { writes: [], removals: [{ path: '/x', id: 'x', at: '2026-01-01T00:00:00Z' }] },
        message: /file path/,
      },
      { intent: { writes: [], removals: [{ path: 'x', id: 'x', at: '' }] }, message: /"at" must be a text/ },
    ].map(({ intent, message }) => ({
      name: `the intent ${JSON.stringify(intent).slice(0, 60)}`,
      text: JSON.stringify({ version: 1, inventory: [], deletions: [], intent }),
      message,
    })),
  ];
  for (const { name, text, message } of broken) {
    it(`refuses ${name}`, () => {
      assert.throws(() => parseState(text, PLACE), message);
      assert.throws(() => parseState(text, PLACE), /^Error: state file x of y is broken: .*; ask somebody$/s);
    });
  }

  it('leaves fields alone that it does not know', () => {
    const text = JSON.stringify({ version: 1, inventory: [], deletions: [], future: 1 });
    assert.deepEqual(parseState(text, PLACE), { state: EMPTY });
  });
});
