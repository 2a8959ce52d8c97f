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
});
