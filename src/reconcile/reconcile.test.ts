import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Generator } from '../../generators/generator.ts';
import { list } from '../../generators/list/index.ts';
import { fixedAmbient } from '../../test/harness/ambient.ts';
import {
  branchFiles,
  branchHead,
  commitFiles,
  countCommits,
  makeRepository,
} from '../../test/harness/git.ts';
import { loadedSet } from '../../test/harness/sets.ts';
import { useTemporaryFolder } from '../../test/harness/temporary-folder.ts';
import { emptyObjectReader } from '../clients/files/object-reader.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import { silentLogger } from '../lib/logger.ts';
import type { Target } from '../plan/target.ts';
import { openTarget } from './open-target.ts';
import { reconcile } from './reconcile.ts';
import type { Pass, World } from './world.ts';

const CONTENT = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: '{{ .Element.name }}' },
  data: { size: '{{ .Element.size }}' },
};

const refuse = async (): Promise<never> => Promise.reject(new Error('not in this test'));

describe('reconcile', () => {
  const folder = useTemporaryFolder();
  const repository = () => join(folder.path, 'fleet.git');
  beforeEach(() => {
    makeRepository(repository(), { 'README.md': 'fleet\n' });
  });

  function setOf(elements: object[], git: object = {}) {
    const target = { git: { url: repository(), branch: 'main', path: 'apps', ...git } };
    return loadedSet('demo', {
      generators: [{ list: { elements } }],
      templates: [{ content: CONTENT }],
      target,
    });
  }

  /** The real world over local repositories; `wrap` may come between a target and its user. */
  function worldOf(wrap: (target: Target) => Target = (target) => target): World {
    const gitOptions = { cacheFolder: join(folder.path, 'cache'), allowFile: true, log: silentLogger };
    return {
      generators: [list as Generator],
      readers: {
        objects: emptyObjectReader,
        http: { request: refuse },
        git: { open: refuse },
        artifacts: { open: refuse },
        log: silentLogger,
      },
      openTarget: async (set, signal) =>
        wrap(await openTarget(set, { objects: emptyObjectReader, gitOptions }, signal)),
      now: () => new Date('2026-03-01T12:00:00Z'),
      random: () => 0,
      ambient: fixedAmbient(),
    };
  }

  const passOf = (): Pass => ({
    memory: new ElementMemory(() => 0),
    all: true,
    signal: new AbortController().signal,
  });

  const elements = [{ name: 'a', size: 1 }];

  it('delivers once, and then finds nothing to do', async () => {
    const first = await reconcile(setOf(elements), worldOf(), passOf());
    assert.deepEqual([first.delivered, first.revision], [true, `main@sha1:${branchHead(repository())}`]);
    const second = await reconcile(setOf(elements), worldOf(), passOf());
    assert.deepEqual([second.delivered, second.revision], [false, first.revision]);
    assert.equal(countCommits(repository()), 2);
  });

  it('commits nothing for a set whose keys the API server has sorted', async () => {
    await reconcile(setOf(elements), worldOf(), passOf());
    const stored = setOf(elements);
    const { metadata, kind, data, apiVersion } = CONTENT;
    const sorted = { apiVersion, data, kind, metadata };
    const set = { ...stored.set, spec: { ...stored.set.spec, templates: [{ content: sorted }] } };
    const outcome = await reconcile({ ...stored, set }, worldOf(), passOf());
    assert.deepEqual([outcome.delivered, countCommits(repository())], [false, 2]);
  });

  it('reads and plans again when somebody pushes in between, and keeps their commit', async () => {
    let pushes = 0;
    const interrupting = (target: Target): Target => ({
      ...target,
      async deliver(delivery, signal) {
        if (pushes++ < 3) commitFiles(repository(), { [`other-${pushes}.txt`]: 'mine\n' });
        return target.deliver(delivery, signal);
      },
    });
    const { delivered } = await reconcile(setOf(elements), worldOf(interrupting), passOf());
    assert.equal(delivered, true);
    assert.equal(pushes, 4);
    assert.equal(countCommits(repository()), 5);
    assert.deepEqual(Object.keys(branchFiles(repository())).sort(), [
      'README.md',
      'apps/.generatorset/flux-system/demo.state',
      'apps/flux-system-configmap-a.yaml',
      'other-1.txt',
      'other-2.txt',
      'other-3.txt',
    ]);
  });

  it('lets sets of one branch take turns, however they spell the repository', async () => {
    const sets = Array.from({ length: 8 }, (_, index) => {
      const loaded = setOf([{ name: `n${index}`, size: index }], {
        url: index % 2 ? repository() : `file://${repository()}`,
      });
      return {
        ...loaded,
        set: { ...loaded.set, metadata: { ...loaded.set.metadata, name: `set-${index}` } },
      };
    });
    let moved = 0;
    const counting = (target: Target): Target => ({
      ...target,
      deliver: (delivery, signal) =>
        target.deliver(delivery, signal).catch((error: Error) => {
          moved++;
          throw error;
        }),
    });
    await Promise.all(sets.map((set) => reconcile(set, worldOf(counting), passOf())));
    assert.equal(moved, 0);
    assert.equal(countCommits(repository()), 9);
  });

  it('gives up a target that never stands still', async () => {
    let tries = 0;
    const restless = (target: Target): Target => ({
      ...target,
      async deliver(delivery, signal) {
        commitFiles(repository(), { 'other.txt': `${++tries}\n` });
        return target.deliver(delivery, signal);
      },
    });
    await assert.rejects(reconcile(setOf(elements), worldOf(restless), passOf()), {
      name: 'TargetMovedError',
    });
    assert.equal(tries, 10);
  }).timeout(60_000);

  it('takes the digest that the annotation approves', async () => {
    const many = Array.from({ length: 4 }, (_, index) => ({ name: `n${index}`, size: index }));
    await reconcile(setOf(many), worldOf(), passOf());
    const held = await reconcile(setOf(many.slice(0, 1)), worldOf(), passOf());
    assert.equal(held.plan.held?.rule, 'maxPrune');
    const set = setOf(many.slice(0, 1));
    const annotations = { 'generatorset.dev/approve': held.plan.digest };
    const approved = { ...set, set: { ...set.set, metadata: { ...set.set.metadata, annotations } } };
    assert.equal((await reconcile(approved, worldOf(), passOf())).delivered, true);
    const { deletions } = JSON.parse(
      branchFiles(repository())['apps/.generatorset/flux-system/demo.state'] ?? '',
    );
    assert.equal(deletions.length, 3);
  });

  it('gives random values to a set that has permission, in its keys, templates and file names', async () => {
    const allowed = setOf(elements, { filename: '{{ randNumeric 4 }}-{{ .Element.name }}.yaml' });
    Object.assign(allowed.set.spec, {
      allowNonDeterministic: true,
      elementKey: '{{ .Element.name }}-{{ uuidv4 }}',
      templates: [{ content: { ...CONTENT, data: { size: '{{ randAlpha 8 }}' } } }],
    });
    const { delivered } = await reconcile(allowed, worldOf(), passOf());
    assert.ok(delivered);
    const files = Object.entries(branchFiles(repository()));
    const [path, text] = files.find(([name]) => name.endsWith('.yaml')) ?? assert.fail();
    assert.match(path, /^apps\/\d{4}-a\.yaml$/);
    assert.match(text, /size: [A-Za-z]{8}\n/);
  });

  it('refuses a set that asks for random values without permission', async () => {
    const refused = setOf(elements, { filename: '{{ randNumeric 4 }}.yaml' });
    await assert.rejects(
      reconcile(refused, worldOf(), passOf()),
      /randNumeric gives another value at every render/,
    );
  });

  it('names files as the set says, and refuses a name that leaves the folder', async () => {
    await reconcile(
      setOf(elements, { filename: '{{ .Element.name }}/{{ .Resource.kind | lower }}.yaml' }),
      worldOf(),
      passOf(),
    );
    assert.ok(branchFiles(repository())['apps/a/configmap.yaml']);
    for (const filename of ['../{{ .Element.name }}', '/etc/x', '.git/config', 'a/../../b', '{{ "" }}']) {
      await assert.rejects(reconcile(setOf(elements, { filename }), worldOf(), passOf()), { name: 'Error' });
    }
    assert.equal(countCommits(repository()), 2);
  });

  it('refuses two resources in one file, and names both', async () => {
    const two = setOf([...elements, { name: 'b', size: 2 }], { filename: 'all.yaml' });
    await assert.rejects(
      reconcile(two, worldOf(), passOf()),
      /ConfigMap\/flux-system\/a .* and ConfigMap\/flux-system\/b .* "all\.yaml"/,
    );
  });

  it('keeps the state of a set that moves a file', async () => {
    await reconcile(setOf(elements), worldOf(), passOf());
    const { plan } = await reconcile(setOf(elements, { filename: 'new.yaml' }), worldOf(), passOf());
    assert.deepEqual(
      plan.changes.map(({ action, path }) => [action, path]),
      [
        ['created', 'new.yaml'],
        ['deleted', 'flux-system-configmap-a.yaml'],
      ],
    );
  });

  it('keeps the files of an element that fails after all keys were changed', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const keyed = (elementKey: string, withoutSize: string[] = []) => {
      const set = setOf(names.map((name) => ({ name, ...(!withoutSize.includes(name) && { size: 1 }) })));
      return { ...set, set: { ...set.set, spec: { ...set.set.spec, elementKey } } };
    };
    const files = () => Object.keys(branchFiles(repository())).filter((path) => path.endsWith('.yaml'));
    await reconcile(keyed('{{ .Element.name }}'), worldOf(), passOf());
    // Later, and in the very pass that sees the new keys; and then as long as it fails.
    await reconcile(keyed('x-{{ .Element.name }}'), worldOf(), passOf());
    await reconcile(keyed('x-{{ .Element.name }}', ['a']), worldOf(), passOf());
    assert.equal(files().length, 5);
    for (let pass = 0; pass < 2; pass++)
      await reconcile(keyed('y-{{ .Element.name }}', ['b']), worldOf(), passOf());
    assert.equal(files().length, 5);
  });

  describe('of a set that tunes', () => {
    const TUNED = {
      ...CONTENT,
      data: { limit: '{{ .Element.limit }}', note: '{{ .Element.note }}' },
    };
    const tune = (rules: object = {}) => [
      {
        name: 'limit',
        from: '{{ .Element.size }}',
        margin: '20%',
        increaseOnly: false,
        roundUp: '16Mi',
        ...rules,
      },
    ];

    function tunedSet(
      sizes: Record<string, number | string | undefined>,
      rules: object = {},
      guard: object = {},
    ) {
      const elements = Object.entries(sizes).map(([name, size]) => ({
        ...{ name, note: 'n' },
        ...(size !== undefined && { size }),
      }));
      const target = { git: { url: repository(), branch: 'main', path: 'apps' } };
      return loadedSet('demo', {
        elementKey: '{{ .Element.name }}',
        generators: [{ list: { elements } }],
        tune: tune(rules) as never,
        templates: [{ content: TUNED }],
        guard: { onEmpty: 'hold', maxPrune: '20%', ...guard },
        target,
      });
    }

    const MI = 1024 * 1024;
    const limits = () =>
      Object.fromEntries(
        Object.entries(branchFiles(repository()))
          .filter(([path]) => path.endsWith('.yaml'))
          .map(([path, text]) => [
            path.replace(/^apps\/flux-system-configmap-|\.yaml$/g, ''),
            /limit: (\S+)/.exec(text)?.[1],
          ]),
      );

    it('decides with the values before, which the repository has', async () => {
      await reconcile(tunedSet({ a: 100 * MI }), worldOf(), passOf());
      assert.deepEqual(limits(), { a: '128Mi' });
      // Within the dead band nothing changes, beyond it something does.
      const kept = await reconcile(tunedSet({ a: 90 * MI }, { minChange: '20%' }), worldOf(), passOf());
      assert.deepEqual(
        [kept.delivered, limits(), kept.elements[0]?.reason],
        [false, { a: '128Mi' }, 'WithinDeadBand'],
      );
      const changed = await reconcile(tunedSet({ a: 60 * MI }, { minChange: '20%' }), worldOf(), passOf());
      assert.deepEqual([changed.delivered, limits()], [true, { a: '80Mi' }]);
    });

    it('keeps what an element without a valid input has, and goes on with the others', async () => {
      await reconcile(tunedSet({ a: 100 * MI, b: 100 * MI }), worldOf(), passOf());
      const outcome = await reconcile(tunedSet({ a: undefined, b: 200 * MI, c: 'NaN' }), worldOf(), passOf());
      assert.deepEqual(limits(), { a: '128Mi', b: '240Mi' });
      assert.deepEqual(
        outcome.elements.map(({ key, phase, reason }) => [key, phase, reason]),
        [
          ['a', 'Held', 'InputMissing'],
          ['b', 'Ready', 'Reconciled'],
          ['c', 'Held', 'InputMissing'],
        ],
      );
    });

    it('keeps the files of an element that cannot be rendered, and removes those of one that is gone', async () => {
      const set = tunedSet({ a: 100 * MI, b: 100 * MI, c: 100 * MI }, {}, { maxPrune: 5 });
      await reconcile(set, worldOf(), passOf());
      const second = tunedSet({ a: 100 * MI, b: 100 * MI }, {}, { maxPrune: 5 });
      delete (second.set.spec.generators[0] as { list: { elements: { note?: string }[] } }).list.elements[0]
        ?.note;
      const outcome = await reconcile(second, worldOf(), passOf());
      assert.deepEqual(Object.keys(limits()), ['a', 'b']);
      assert.deepEqual([outcome.plan.held, outcome.elements[0]?.reason], [undefined, 'RenderFailed']);
      // It is removed once nobody wants it: holding is not for ever.
      await reconcile(tunedSet({ b: 100 * MI }, {}, { maxPrune: 5 }), worldOf(), passOf());
      assert.deepEqual(Object.keys(limits()), ['b']);
    });

    it('decides nothing for an element that cannot be rendered, and goes on from what it has', async () => {
      const rules = { maxDecrease: '50%', margin: '0%' };
      const setWith = (sizes: Record<string, number>, isBroken: boolean) => {
        const set = tunedSet(sizes, rules);
        const { elements } = (set.set.spec.generators[0] as { list: { elements: { note?: string }[] } }).list;
        for (const element of isBroken ? elements.filter((_, index) => index % 2 === 0) : [])
          delete element.note;
        return set;
      };
      await reconcile(setWith({ a: 160 * MI, b: 160 * MI }, false), worldOf(), passOf());
      for (let pass = 0; pass < 3; pass++)
        await reconcile(setWith({ a: 16 * MI, b: 160 * MI, c: MI }, true), worldOf(), passOf());
      assert.deepEqual(limits(), { a: '160Mi', b: '160Mi' });
      const { decisions } = JSON.parse(
        branchFiles(repository())['apps/.generatorset/flux-system/demo.state'] ?? '',
      );
      assert.deepEqual(
        decisions.map(({ element, value }: { element: string; value: string }) => [element, value]),
        [
          ['a', '160Mi'],
          ['b', '160Mi'],
        ],
      );
      await reconcile(setWith({ a: 16 * MI, b: 160 * MI, c: MI }, false), worldOf(), passOf());
      assert.deepEqual(limits(), { a: '80Mi', b: '160Mi', c: '16Mi' });
    });

    it('goes on from the value of an element that was gone while its file stayed', async () => {
      const rules = { maxDecrease: '50%', margin: '0%' };
      await reconcile(tunedSet({ a: 160 * MI, b: 160 * MI }, rules), worldOf(), passOf());
      const path = 'apps/flux-system-configmap-a.yaml';
      commitFiles(repository(), { [path]: `${branchFiles(repository())[path]}# edited\n` });
      const without = await reconcile(tunedSet({ b: 160 * MI }, rules), worldOf(), passOf());
      assert.deepEqual([without.delivered, without.plan.changes.at(-1)?.action], [false, 'skipped']);
      await reconcile(tunedSet({ b: 320 * MI }, rules), worldOf(), passOf());
      await reconcile(tunedSet({ a: 16 * MI, b: 320 * MI }, rules), worldOf(), passOf());
      assert.deepEqual(limits(), { a: '80Mi', b: '320Mi' });
    });

    it('holds changes that are too large until their digest is approved, and makes the others', async () => {
      const guard = { maxChange: '50%' };
      await reconcile(tunedSet({ a: 100 * MI, b: 100 * MI }, {}, guard), worldOf(), passOf());
      const next = tunedSet({ a: 300 * MI, b: 120 * MI }, {}, guard);
      const held = await reconcile(next, worldOf(), passOf());
      assert.deepEqual(limits(), { a: '128Mi', b: '144Mi' });
      assert.equal(held.plan.heldChanges?.changes.length, 1);
      const again = await reconcile(next, worldOf(), passOf());
      const digest = held.plan.heldChanges?.digest ?? '';
      assert.deepEqual([held.delivered, again.delivered], [true, false]);
      assert.equal(again.plan.heldChanges?.digest, digest, 'told by the pass that made the others');
      const other = await reconcile(next, worldOf(), { ...passOf(), approved: [`sha256:${'0'.repeat(64)}`] });
      assert.equal(other.delivered, false);
      const released = await reconcile(next, worldOf(), { ...passOf(), approved: [digest] });
      assert.deepEqual([released.delivered, limits()], [true, { a: '368Mi', b: '144Mi' }]);
    });

    it('fails as a whole where no element has an input, and changes nothing', async () => {
      await reconcile(tunedSet({ a: 100 * MI }), worldOf(), passOf());
      const commits = countCommits(repository());
      const world = worldOf();
      await reconcile(tunedSet({ a: undefined }), world, passOf());
      await assert.rejects(reconcile(tunedSet({ b: undefined }), world, passOf()));
      assert.deepEqual([countCommits(repository()), limits()], [commits, { a: '128Mi' }]);
    });
  });
});
