import assert from 'node:assert/strict';
import { type ClusterSet, clusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import { useController } from '../harness/controller-suite.ts';
import { type ProgramResult, runProgram } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { compareTranscript, transcriptOf } from '../harness/transcripts.ts';
import { applyObject, readObject, waitFor } from './cluster-objects.ts';

const READY = { status: 'True', reason: 'ReconciliationSucceeded' } as const;

describe('the commands about sets, on a real API server with a controller', function suite() {
  this.timeout(120_000);
  const { server, controller } = useController();
  const folder = useTemporaryFolder();

  const run = (...args: string[]): Promise<ProgramResult> =>
    runProgram(args, { env: { KUBECONFIG: server().kubeconfig } });
  /** The words of a command line that is shown to people. */
  const show = async (line: string): Promise<string> => {
    const args = line.split(' ');
    return transcriptOf(args, await run(...args));
  };
  const read = (set: ClusterSet) => readObject<ClusterSet>(server(), set);

  async function makeNamespace(name: string): Promise<string> {
    await applyObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    return name;
  }

  /** Applies a set and waits until it is ready. */
  async function applied(...args: Parameters<typeof clusterSet>): Promise<ClusterSet> {
    const set = clusterSet(...args);
    await applyObject(server(), set);
    return waitForCondition(server(), set, READY);
  }

  it('shows sets as flux does', async () => {
    const apps = await makeNamespace('apps');
    const data = await makeNamespace('data');
    await applied(apps, ['a', 'b']);
    await applied(apps, ['quota'], { name: 'quotas', spec: { suspend: false } });
    await applied(data, ['c'], { name: 'caches' });
    await run('suspend', 'quotas', '-n', apps);
    const broken = clusterSet(apps, [], {
      name: 'broken',
      spec: { generators: [{ config: { kind: 'ConfigMap', name: 'absent' } }] },
    });
    await applyObject(server(), broken);
    await waitForCondition(server(), broken, { status: 'False' });
    await compareTranscript('get', [
      await show('get -n apps'),
      await show('get -A'),
      await show('get teams -n apps -o wide'),
      await show('get -A --status-selector ready=false --no-header'),
      await show('get team -n apps'),
      await show('get teams caches -n apps'),
      await show('get -n nowhere'),
    ]);
  });

  it('gives whole objects, one alone and several as a List', async () => {
    const namespace = await makeNamespace('whole');
    await applied(namespace, ['a'], { name: 'one' });
    await applied(namespace, ['b'], { name: 'two' });
    const one = JSON.parse((await run('get', 'one', '-n', namespace, '-o', 'json')).stdout);
    assert.deepEqual([one.kind, one.metadata.name, one.status.elements], ['GeneratorSet', 'one', 1]);
    assert.equal(one.metadata.managedFields, undefined);
    const both = JSON.parse((await run('get', '-n', namespace, '-o', 'json')).stdout);
    assert.deepEqual(
      [both.kind, both.items.map((set: ClusterSet) => `${set.kind}/${set.metadata.name}`)],
      ['List', ['GeneratorSet/one', 'GeneratorSet/two']],
    );
    const some = await run('get', 'two', 'twoo', 'one', '-n', namespace, '-o', 'json');
    assert.deepEqual(
      [some.code, JSON.parse(some.stdout).items.map((set: ClusterSet) => set.metadata.name)],
      [1, ['two', 'one']],
    );
    const wrong = await run('get', 'three', 'four', '-n', namespace, '-o', 'json');
    assert.deepEqual([wrong.code, wrong.stdout, wrong.stderr.split('\n').length], [1, '', 3]);
    const none = await run('get', '-n', 'nowhere', '-o', 'yaml');
    assert.deepEqual([none.code, none.stdout.split('\n')[1]], [0, 'items: []']);
  });

  it('asks for a pass, and says what came of it', async () => {
    const namespace = await makeNamespace('asked');
    const set = await applied(namespace, ['a', 'b']);
    const well = await show('reconcile teams -n asked');
    const token = (await read(set))?.status?.lastHandledReconcileAt;
    assert.match(String(token), /^\d{4}-/);
    await run('reconcile', 'teams', '-n', namespace, '--force');
    const forced = await read(set);
    assert.notEqual(forced?.status?.lastHandledReconcileAt, token);
    assert.equal(forced?.status?.lastHandledForceAt, forced?.status?.lastHandledReconcileAt);

    await applyObject(server(), clusterSet(namespace, []));
    await waitForCondition(server(), set, { type: 'Held', status: 'True' });
    const held = await run('reconcile', 'teams', '-n', namespace);
    const digest = /--approve (sha256:[0-9a-f]{64})\n/.exec(held.stderr)?.[1] ?? '';
    const shown = await show('get -n asked -o wide');
    const wrong = await run('reconcile', 'teams', '-n', namespace, '--approve', digest.replace(/.$/, 'x'));
    assert.deepEqual([wrong.code, wrong.stderr.startsWith('✗ --approve takes a digest')], [1, true]);
    const nothing = `sha256:${'0'.repeat(64)}`;
    const other = await run('reconcile', 'teams', '-n', namespace, '--approve', nothing);
    assert.equal(other.code, 0);
    assert.match(other.stderr, new RegExp(`--approve ${nothing}: nothing that is held has this digest`));
    const approve = ['reconcile', 'teams', '-n', namespace, '--approve', digest];
    const approved = transcriptOf(approve, await run(...approve));
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace } };
    await waitFor('the approved deletion', async () => (await readObject(server(), config)) === undefined);
    await compareTranscript('reconcile', [
      well,
      transcriptOf(['reconcile', 'teams', '-n', 'asked'], held),
      shown,
      approved,
      await show('reconcile taems -n asked'),
    ]);
  });

  it('fails where the pass fails, and where nobody makes it', async () => {
    const namespace = await makeNamespace('failing');
    const set = clusterSet(namespace, [], {
      spec: { generators: [{ config: { kind: 'ConfigMap', name: 'absent' } }] },
    });
    await applyObject(server(), set);
    const failed = await run('reconcile', 'teams', '-n', namespace);
    assert.deepEqual([failed.code, failed.stdout], [1, '']);
    assert.match(failed.stderr, /✗ the pass over GeneratorSet teams failed: .*absent/);
    process.kill(controller().pid, 'SIGSTOP');
    try {
      const late = await run('reconcile', 'teams', '-n', namespace, '--timeout', '5s');
      assert.equal(late.code, 1);
      assert.match(late.stderr, /✗ no controller has made the pass within 5s: see generatorset check/);
      const unasked = await run('reconcile', 'teams', '-n', namespace, '--no-wait');
      assert.deepEqual([unasked.code, unasked.stderr.split('\n').length], [0, 3]);
    } finally {
      process.kill(controller().pid, 'SIGCONT');
    }
  });

  it('suspends and resumes', async () => {
    const namespace = await makeNamespace('resting');
    const set = await applied(namespace, ['a'], { name: 'one' });
    await applied(namespace, ['b'], { name: 'two' });
    const suspended = [
      await show('suspend one -n resting --reason maintenance'),
      await show('reconcile one -n resting'),
      await show('suspend --all -n resting'),
      await show('get -n resting'),
    ];
    const stored = await read(set);
    assert.equal(stored?.metadata.annotations?.['suspend.toolkit.fluxcd.io/reason'], 'maintenance');
    const resumed = [
      await show('resume one -n resting'),
      await show('resume --all -n resting'),
      await show('resume one nobody -n resting'),
    ];
    const after = await read(set);
    assert.deepEqual(after?.['spec'], { ...(after?.['spec'] as object), suspend: false });
    assert.equal(after?.metadata.annotations?.['suspend.toolkit.fluxcd.io/reason'], undefined);
    await compareTranscript('suspend', suspended);
    await compareTranscript('resume', resumed);
  });

  it('exports what build takes', async () => {
    const namespace = await makeNamespace('outside');
    await applied(namespace, ['a', 'b'], { annotations: { note: 'kept' } });
    await run('reconcile', 'teams', '-n', namespace);
    const text = (await run('export', 'teams', '-n', namespace)).stdout;
    const built = await runProgram(['build', '-'], { stdin: text, cwd: folder.path });
    assert.equal(built.code, 0, built.stderr);
    assert.equal(built.stdout.match(/^kind: ConfigMap$/gm)?.length, 2);
    await compareTranscript('export', [
      await show('export teams -n outside'),
      await show('export -n outside'),
    ]);
  });

  it('does not take a set for deleted that only has other labels', async () => {
    const namespace = await makeNamespace('labelled');
    const withLabels = (team: string) => {
      const set = clusterSet(namespace, ['a']);
      return { ...set, metadata: { ...set.metadata, labels: { team } } };
    };
    await applyObject(server(), withLabels('a'));
    await waitForCondition(server(), withLabels('a'), READY);
    const { stderr } = await runProgram(['get', '-w', '-n', namespace, '-l', 'team=a'], {
      env: { KUBECONFIG: server().kubeconfig },
      started(child) {
        child.stdout?.once('data', () => void applyObject(server(), withLabels('b')).catch(() => {}));
        child.stderr?.once('data', () => child.kill('SIGINT'));
      },
    });
    assert.match(stderr, /^► GeneratorSet labelled\/teams is deleted, or has other labels now\n/);
  });

  it('follows changes until it is told to stop', async () => {
    const namespace = await makeNamespace('watched');
    await applied(namespace, ['a'], { name: 'first' });
    const seen = { text: '' };
    const watching = runProgram(['get', '-w', '-n', namespace], {
      env: { KUBECONFIG: server().kubeconfig },
      started(child) {
        child.stdout?.on('data', (chunk) => {
          seen.text += String(chunk);
        });
        void (async () => {
          try {
            await waitFor('the first rows', () => /\nfirst .*True/.test(seen.text));
            await applied(namespace, ['b'], { name: 'second' });
            await waitFor('the row of the second', () => /\nsecond .*True/.test(seen.text));
            await server().restart({ signal: 'SIGKILL' });
            await applied(namespace, ['c'], { name: 'third' });
            await waitFor('the row of the third', () => /\nthird .*True/.test(seen.text));
          } finally {
            child.kill('SIGINT');
          }
        })().catch(() => {});
      },
    });
    const { code, stderr, stdout } = await watching;
    assert.equal(code, 130, stderr);
    assert.match(stdout, /^NAME +REVISION/);
    assert.match(stdout, /\nthird .*True/);
    assert.match(stderr, /✗ interrupted\n$/);
  });
});
