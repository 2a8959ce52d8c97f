import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parse } from 'yaml';
import { useCommandLine } from '../harness/command-line.ts';
import { branchFiles, branchHead, git, makeRepository } from '../harness/git.ts';
import { runProgram } from '../harness/run-program.ts';

/** One ConfigMap for each element of a list, with a tuned value. */
const TUNED_SET = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata:
  name: tuned
spec:
  elementKey: "{{ .Element.name }}"
  generators:
    - list:
        elements: ELEMENTS
  guard: {maxChange: 100%}
  tune:
    - name: limit
      from: "{{ .Element.value }}"
      margin: 20%
      minChange: 10%
      roundUp: 16Mi
      cooldown: 24h
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: "{{ .Element.name }}"
        data:
          limit: "{{ .Element.limit }}"
`;

const MI = 1024 * 1024;

/** The set with these elements, each with so many MiB, or with a text that is no number. */
function tunedSet(values: Readonly<Record<string, number | string>>): string {
  const elements = Object.entries(values).map(([name, value]) => {
    return { name, value: typeof value === 'number' ? value * MI : value };
  });
  return TUNED_SET.replace('ELEMENTS', JSON.stringify(elements));
}

const FIRST = { a: 100, b: 200, c: 300, d: 400, e: 500, f: 600 };

interface JsonPlan {
  readonly name: string;
  readonly digest: string;
  readonly differs: boolean;
  readonly target: string;
  readonly revision?: string;
  readonly held?: { rule: string; message: string; approve: string };
  readonly heldChanges?: {
    digest: string;
    approve: string;
    changes: { element: string; proposed: string }[];
  };
  readonly changes: { id: string; action: string; evidence?: { before?: string; after?: string }[] }[];
  readonly elements: { key: string; phase: string; reason: string }[];
  readonly decisions: { element: string; before?: string; value: string; reason?: string }[];
}

describe('the command line plan', function () {
  this.timeout(60_000);
  const { folder, env, run, writeSet } = useCommandLine();
  const repository = () => join(folder.path, 'fleet.git');
  const target = () => ['--git-url', repository(), '--path', 'apps'];

  beforeEach(() => {
    makeRepository(repository());
  });

  /** Runs a command on the set with these values. */
  async function runOn(command: readonly string[], values: Readonly<Record<string, number | string>>) {
    return run(...command, ...target(), await writeSet(tunedSet(values)));
  }

  async function planJson(values: Readonly<Record<string, number | string>>): Promise<JsonPlan> {
    const { stdout, stderr, code } = await runOn(['plan', '-o', 'json'], values);
    assert.equal(code, 0, stderr);
    const { sets } = JSON.parse(stdout) as { sets: JsonPlan[] };
    return sets[0] ?? assert.fail(stdout);
  }

  it('shows each resource with its values, and the command that delivers it; delivers nothing', async () => {
    const { stdout, code, stderr } = await runOn(['plan'], { a: 100 });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^flux-system\/tuned\n {2}target: main of .*fleet\.git, below apps$/m);
    assert.match(stdout, /^ {2}\+ ConfigMap\/flux-system\/a {2}created\n {6}file \S+-a\.yaml$/m);
    assert.match(stdout, /^ {6}data\.limit: 128Mi\n {10}limit 128Mi: Computed from 104857600$/m);
    assert.match(stdout, /1 created; digest sha256:[0-9a-f]{64}$/m);
    assert.match(stdout, /generatorset run --once --git-url \S+fleet\.git --path apps \S+set\.yaml$/m);
    assert.equal(branchHead(repository()), undefined);
  });

  it('says old -> new with the rule, and why other values stay', async () => {
    await runOn(['run', '--once'], FIRST);
    const { stdout } = await runOn(['plan'], { ...FIRST, a: 150, b: 205, c: 100 });
    assert.match(stdout, /^ {2}~ ConfigMap\/flux-system\/a {2}configured$/m);
    assert.match(
      stdout,
      /^ {6}data\.limit: 128Mi -> 192Mi\n {10}limit 192Mi: Computed from 157286400, before 128Mi$/m,
    );
    assert.match(stdout, /^ {4}a +limit +128Mi -> 192Mi +Computed +157286400 /m);
    assert.match(stdout, /^ {4}b +limit +240Mi .* WithinDeadBand, instead of 256Mi$/m);
    assert.match(stdout, /^ {4}c +limit +368Mi .* Cooldown, instead of 128Mi$/m);
    assert.match(stdout, /1 configured, 5 unchanged/);
  });

  it('says that nothing is to be done, with exit code 0', async () => {
    await runOn(['run', '--once'], FIRST);
    const { stdout, code } = await runOn(['plan'], FIRST);
    assert.equal(code, 0);
    assert.match(stdout, /6 unchanged; .*\n {2}Nothing is to be done\.$/m);
    assert.doesNotMatch(stdout, /run --once/);
  });

  it('prints a held plan whole, with a command that delivers exactly that plan', async () => {
    await runOn(['run', '--once'], FIRST);
    const { a, b, c, d } = FIRST;
    const { stdout, code } = await runOn(['plan'], { a, b, c, d });
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}- ConfigMap\/flux-system\/e {2}deleted$/m);
    assert.match(stdout, /^ {2}- ConfigMap\/flux-system\/f {2}deleted$/m);
    assert.match(stdout, /held by spec\.guard\.maxPrune: would delete 2 of 6 resources/);
    const command = /^ {4}generatorset (run --once --approve .*)$/m.exec(stdout)?.[1] ?? assert.fail(stdout);
    const before = branchHead(repository());
    const approved = await run(...command.split(' '));
    assert.match(approved.stderr, /✔ flux-system\/tuned: 2 deleted, 4 unchanged/);
    assert.notEqual(branchHead(repository()), before);
    assert.equal(Object.keys(branchFiles(repository())).length, 5);
  });

  it('shows which values are held for being too large a change, and releases exactly these', async () => {
    await runOn(['run', '--once'], FIRST);
    const larger = { ...FIRST, a: 300, b: 260, f: 1500 };
    const plan = await planJson(larger);
    assert.equal(plan.held, undefined);
    assert.deepEqual(
      plan.heldChanges?.changes.map(({ element, proposed }) => [element, proposed]),
      [
        ['a', '368Mi'],
        ['f', '1808Mi'],
      ],
    );
    const digest = plan.heldChanges?.digest ?? '';
    assert.ok(plan.heldChanges?.approve.includes(`--approve ${digest} `));

    // Nothing but that world: another value of a held element, and the digest fits nothing.
    const other = await runOn(['run', '--once', '--approve', digest], { ...larger, f: 1600 });
    assert.equal(other.code, 0);
    assert.match(other.stderr, /⚠️ --approve sha256:[0-9a-f]{64}: nothing that is held has this digest/);
    assert.match(
      other.stderr,
      /⚠️ flux-system\/tuned: 1 configured, 5 unchanged; 2 of 6 elements held; held: /,
    );
    // That run delivered b, so that the world has changed for the first digest too.
    const late = await runOn(['run', '--once', '--approve', digest], larger);
    assert.match(late.stderr, /nothing that is held has this digest/);

    const again = (await planJson(larger)).heldChanges?.digest ?? '';
    const approved = await runOn(['run', '--once', '--approve', again], larger);
    assert.match(approved.stderr, /✔ flux-system\/tuned: 2 configured, 4 unchanged$/m);
    assert.doesNotMatch(approved.stderr, /nothing that is held/);
    assert.match(branchFiles(repository())['apps/flux-system-configmap-f.yaml'] ?? '', /limit: 1808Mi/);
    const twice = await runOn(['run', '--once', '--approve', again], larger);
    assert.match(twice.stderr, /nothing that is held has this digest/);
  });

  it('takes several digests, with commas and repeated, and shows what they would release', async () => {
    await runOn(['run', '--once'], FIRST);
    const { a, b, c, d } = FIRST;
    const values = { a: a * 3, b, c, d };
    const changes = (await planJson(values)).heldChanges?.digest ?? '';
    const both = await runOn(['plan', '-o', 'json', '--approve', changes], values);
    const { sets } = JSON.parse(both.stdout) as { sets: JsonPlan[] };
    const [plan] = sets;
    assert.equal(plan?.heldChanges, undefined);
    assert.ok(
      plan?.held?.approve.includes(`--approve ${changes} --approve ${plan.digest}`),
      plan?.held?.approve,
    );
    const approved = await runOn(['run', '--once', '--approve', `${changes},${plan?.digest}`], values);
    assert.match(approved.stderr, /✔ flux-system\/tuned: 1 configured, 2 deleted, 3 unchanged$/m);
  });

  it('releases by the annotation of the set too, and only what has its digest', async () => {
    await runOn(['run', '--once'], FIRST);
    const values = { ...FIRST, f: 1500 };
    const digest = (await planJson(values)).heldChanges?.digest ?? '';
    const annotate = (text: string) =>
      text.replace('name: tuned', `name: tuned\n  annotations: {generatorset.dev/approve: "${digest}"}`);
    const other = await run(
      'run',
      '--once',
      ...target(),
      await writeSet(annotate(tunedSet({ ...values, f: 1600 }))),
    );
    assert.match(other.stderr, /6 unchanged; 1 of 6 elements held; held: /);
    const approved = await run('run', '--once', ...target(), await writeSet(annotate(tunedSet(values))));
    assert.match(approved.stderr, /✔ flux-system\/tuned: 1 configured, 5 unchanged$/m);
  });

  it('keeps an element without a valid value, says so, and lets the others go on', async () => {
    await runOn(['run', '--once'], FIRST);
    const values = { ...FIRST, a: 'NaN', b: 300, g: 'none' };
    const plan = await planJson(values);
    assert.deepEqual(
      plan.elements.filter(({ phase }) => phase === 'Held').map(({ key, reason }) => [key, reason]),
      [
        ['a', 'InputMissing'],
        ['g', 'InputMissing'],
      ],
    );
    assert.deepEqual(
      plan.changes.filter(({ action }) => action !== 'unchanged').map(({ id, action }) => [id, action]),
      [['flux-system_b__ConfigMap', 'configured']],
    );
    const before = branchFiles(repository());
    const done = await runOn(['run', '--once'], values);
    assert.equal(done.code, 0);
    assert.match(done.stderr, /⚠️ flux-system\/tuned: element a is held: .*InputMissing/);
    assert.match(done.stderr, /1 configured, 5 unchanged; 2 of 7 elements held/);
    const after = branchFiles(repository());
    const file = 'apps/flux-system-configmap-a.yaml';
    assert.equal(after[file], before[file]);
  });

  it('gives the same as YAML and as JSON', async () => {
    await runOn(['run', '--once'], FIRST);
    const values = { ...FIRST, a: 150, c: 700 };
    const asYaml = await runOn(['plan', '-o', 'yaml'], values);
    const [plan] = (parse(asYaml.stdout) as { sets: JsonPlan[] }).sets;
    const json = await planJson(values);
    // Only the time of a decision that both would make now differs.
    const timeless = (value: unknown) => JSON.stringify(value).replaceAll(/"since":"[^"]+"/g, '');
    assert.equal(timeless(plan), timeless(json));
    assert.deepEqual(
      json.changes.find(({ action }) => action === 'configured')?.evidence?.[0]?.after,
      '192Mi',
    );
    assert.match(json.revision ?? '', /^main@sha1:[0-9a-f]{40}$/);
  });

  it('exits 1 when a set fails, and still shows the others', async () => {
    const broken = tunedSet({ a: 'NaN' }).replace('name: tuned', 'name: broken');
    const file = await writeSet(`${tunedSet({ a: 1 })}---\n${broken}`);
    const { code, stdout, stderr } = await run('plan', ...target(), file);
    assert.equal(code, 1);
    assert.match(stdout, /^flux-system\/tuned$/m);
    assert.match(stderr, /✗ flux-system\/broken: /);
  });

  it('says also in a run without end that an approval fits nothing, once', async () => {
    const file = await writeSet(tunedSet({ a: 1 }).replace('spec:', 'spec:\n  interval: 5s'));
    const { stderr } = await runProgram(['run', ...target(), '--approve', `sha256:${'0'.repeat(64)}`, file], {
      env: env(),
      started: (child) => {
        child.stderr?.on(
          'data',
          (text) => String(text).includes('nothing that is held') && child.kill('SIGTERM'),
        );
      },
    });
    assert.equal(stderr.match(/nothing that is held has this digest/g)?.length, 1);
  });

  it('refuses a digest that was cut off', async () => {
    for (const command of [['plan'], ['run', '--once']]) {
      const { code, stderr } = await runOn([...command, '--approve', 'sha256:1234'], { a: 1 });
      assert.equal(code, 1);
      assert.match(stderr, /write the whole digest/);
    }
  });

  it('writes no control characters of values to the terminal', async () => {
    const file = await writeSet(tunedSet({ a: 100 }).replaceAll('"a"', '"a\\u001b[31m"'));
    const { stdout, stderr } = await run('plan', ...target(), file);
    assert.doesNotMatch(stdout + stderr, /\u001b/);
  });

  it('agrees with diff, which leaves held plans out', async () => {
    await runOn(['run', '--once'], FIRST);
    const different = await runOn(['diff'], { ...FIRST, a: 150, f: 1500 });
    assert.equal(different.code, 1);
    assert.match(different.stdout, /^\+ {2}limit: 192Mi$/m);
    assert.doesNotMatch(different.stdout, /1808Mi/);
    assert.match(different.stderr, /held: would change 1 of 6 tuned values/);
    const { a, b } = FIRST;
    const held = await runOn(['diff'], { a, b });
    assert.deepEqual([held.code, held.stdout], [0, '']);
    assert.match(held.stderr, /⚠️ flux-system\/tuned: a pass would be held: would delete 4 of 6/);
  });

  it('leaves the repository byte-identical', async () => {
    await runOn(['run', '--once'], FIRST);
    const before = git(repository(), ['for-each-ref']);
    await runOn(['plan'], { a: 900 });
    assert.equal(git(repository(), ['for-each-ref']), before);
  });
});
