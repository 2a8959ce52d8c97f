import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { clusterSet, GENERATORSET_CRD } from '../harness/cluster-sets.ts';
import { COMPILED, PROGRAM } from '../harness/run-program.ts';
import { applyObject, createNamespace, establishCrd, waitFor } from './cluster-objects.ts';
import { findShell, openTerminal } from './completion-shells.ts';
import { findProgram } from './find-program.ts';
import { useKubeApiserver } from './kube-apiserver.ts';

const run = promisify(execFile);
const NAMES = ['generatorset', 'flux-generatorset', 'kubectl-generatorset', 'kubectl_complete-generatorset'];

describe('completion in real shells, with a real API server', function () {
  this.timeout(120_000);
  const server = useKubeApiserver();
  let folder: string;
  let namespace: string;
  let env: Record<string, string>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'generatorset-completion-'));
    for (const name of ['bin', 'work/folder', 'home']) await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, 'work/file.yaml'), '');
    const contexts = [{ name: 'odd $(>ran)' }, { name: 'odd;>ran' }, { name: 'plain' }];
    await writeFile(join(folder, 'home/odd'), JSON.stringify({ contexts }));
    for (const name of NAMES) await symlink(PROGRAM, join(folder, 'bin', name));
    await establishCrd(server(), GENERATORSET_CRD);
    namespace = await createNamespace(server(), 'complete');
    for (const name of ['memory', 'podinfo'])
      await applyObject(server(), clusterSet(namespace, ['a'], { name, spec: { suspend: true } }));
    const path = [join(folder, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(':');
    env = {
      PATH: path,
      HOME: join(folder, 'home'),
      KUBECONFIG: server().kubeconfig,
      NODE_COMPILE_CACHE: COMPILED,
    };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const complete = async (program: string, ...words: string[]): Promise<string[]> => {
    const { stdout } = await run(program, words, { env, cwd: join(folder, 'work') });
    return stdout.trimEnd().split('\n');
  };
  const values = (lines: readonly string[]): string[] => lines.map((line) => line.split('\t')[0] as string);

  /** It gives up after two seconds, which a busy machine may need for its start. */
  const completeFromCluster = (...words: string[]): Promise<string[]> =>
    waitFor('an answer in time', async () => {
      const lines = await complete('generatorset', '__complete', ...words);
      return lines.length > 1 && lines;
    });

  it('answers with the names of sets, namespaces and contexts', async () => {
    const names = ['gset/memory', 'gset/podinfo', ':4'];
    assert.deepEqual(await completeFromCluster('diff', '-n', namespace, 'gset/'), names);
    const sets = await completeFromCluster('reconcile', `--namespace=${namespace}`, 'p');
    assert.deepEqual(sets, ['podinfo', ':4']);
    assert.deepEqual(await completeFromCluster('get', '-n', 'comp'), [namespace, ':4']);
    const contexts = await complete('generatorset', '__complete', 'plan', '--context', '');
    assert.equal(contexts.length, 2, contexts.join());
  });

  it('is silent within two seconds where the cluster does not answer', async () => {
    const begun = performance.now();
    const silent = ['--server=https://192.0.2.1', 'gset/'];
    assert.deepEqual(await complete('generatorset', '__complete', 'diff', ...silent), [':4']);
    assert.ok(performance.now() - begun < 6000);
    const wrong = ['--kubeconfig', '/nonexistent', 'gset/'];
    assert.deepEqual(await complete('generatorset', '__complete', 'diff', ...wrong), [':4']);
  });

  it('answers kubectl, which asks for it by a name of its own', async function () {
    // npm run components brings one for Linux on x64 only.
    if (!findProgram('kubectl')) {
      process.stderr.write('skipped: no kubectl on this machine\n');
      this.skip();
    }
    const lines = await complete('kubectl', '__complete', 'generatorset', 'diff', '-o', '');
    assert.deepEqual(values(lines).slice(-3), ['diff', 'json', ':4']);
    assert.match(
      (await complete('kubectl', 'generatorset', 'plan', '--help'))[0] ?? '',
      /^Usage: kubectl generatorset plan /,
    );
  });

  it('is named as flux calls it', async () => {
    const [usage] = await complete('flux-generatorset', 'diff', '--help');
    assert.match(usage ?? '', /^Usage: flux generatorset diff \[options\] <path\.\.\.>$/);
  });

  /** What is typed before the tabulator, what must be shown then, and whether it is pressed twice. */
  const cases: readonly [typed: string, shown: string, twice?: boolean][] = [
    ['generatorset expo', 'generatorset export'],
    ['generatorset diff --output=j', '--output=json'],
    ['generatorset diff -o j', '-o json'],
    ['generatorset diff fi', 'diff file.yaml'],
    ['generatorset diff --replay fo', '--replay folder/'],
    ['generatorset diff gse', 'diff gset/'],
    ['generatorset diff $(>ran) fi', 'file.yaml'],
    ['flux-generatorset diff -n $NS gset/mem', 'gset/memory'],
    ['kubectl-generatorset res', 'resume'],
    ['generatorset plan --kubeconfig ../home/odd --context pl', '--context plain'],
    ['generatorset plan --kubeconfig ../home/odd --context odd\\;', 'odd\\;\\>ran'],
    ['generatorset plan --kubeconfig ../home/odd --context odd\\ ', 'odd\\ \\$\\(\\>ran\\)'],
    ['generatorset re', 'ask for a pass now', true],
  ];
  for (const name of ['bash', 'zsh'] as const) {
    it(`completes in ${name} at a terminal`, async function () {
      const shell = findShell(name);
      if (!shell || !findProgram('script')) {
        process.stderr.write(`skipped: no ${name} and script on this machine\n`);
        this.skip();
      }
      const terminal = openTerminal(shell, { cwd: join(folder, 'work'), env });
      try {
        terminal.press(`${shell.setup}source <(generatorset completion ${name}); echo READY$((1+1))\n`);
        assert.match(await terminal.shows('READY2'), /READY2/);
        for (const [typed, shown, twice] of cases) {
          const from = terminal.position();
          terminal.press(`${typed.replace('$NS', namespace)}\t${twice && name === 'bash' ? '\t' : ''}`);
          const seen = await terminal.shows(shown, from);
          assert.ok(seen.includes(shown), `${typed}: ${JSON.stringify(seen)}`);
          // The next one begins on an empty line.
          terminal.press('\u0015');
        }
      } finally {
        terminal.close();
      }
      assert.deepEqual(
        await readdir(join(folder, 'work')),
        ['file.yaml', 'folder'],
        'nothing that is typed runs',
      );
    });
  }

  it('completes in fish, with descriptions', async function () {
    const shell = findShell('fish');
    if (!shell) {
      process.stderr.write('skipped: no fish on this machine\n');
      this.skip();
    }
    const [fish = '', ...flags] = shell.command.split(' ');
    // Fish writes what a candidate is, and quotes it where it stands on the command line.
    for (const [typed, shown] of cases.filter(([line, , twice]) => !twice && !line.includes('\\'))) {
      const line = typed.replace('$NS', namespace);
      const script = `${shell.setup}generatorset completion fish | source; complete -C '${line}'`;
      const { stdout } = await run(fish, [...flags, '-c', script], {
        env: { ...env, ...shell.env },
        cwd: join(folder, 'work'),
      });
      const last = shown.split(/ /).at(-1) as string;
      assert.ok(values(stdout.split('\n')).includes(last), `${typed}: ${stdout}`);
    }
  });
});
