import assert from 'node:assert/strict';
import { createJsonLogger } from '../../src/controller/json-logger.ts';
import { type ProgramResult, runProgram } from '../harness/run-program.ts';
import { compareTranscript, transcriptOf } from '../harness/transcripts.ts';
import { applyObject, createNamespace, deleteObject, waitFor } from './cluster-objects.ts';
import { type FakeKubelet, startFakeKubelet } from './fake-kubelet.ts';
import { useKubeApiserver } from './kube-apiserver.ts';

/** A line as the controller's own logger writes it. */
function line(seconds: number, level: 'info' | 'error', message: string, fields: object = {}): string {
  let text = '';
  const logger = createJsonLogger({
    level: 'debug',
    encoding: 'json',
    destination: {
      write: (written) => {
        text += written;
      },
    },
    now: () => new Date(Date.UTC(2026, 0, 31, 12, 0, seconds)),
  });
  logger.child({ controllerKind: 'GeneratorSet' })[level](message, { ...fields });
  return text.trimEnd();
}

const QUOTAS = { name: 'quotas', namespace: 'apps' };

describe('generatorset logs, through a real API server', function suite() {
  this.timeout(60_000);
  const server = useKubeApiserver();
  let kubelet: FakeKubelet;
  before(async () => {
    kubelet = await startFakeKubelet(server());
    await applyObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } });
    for (const pod of ['controller-1', 'controller-2']) await kubelet.addPod('flux-system', pod);
    kubelet.logs
      .get('controller-1')
      ?.push(
        '(node:1) Warning: something of Node',
        line(1, 'info', 'starting', { version: '1.0.0' }),
        line(3, 'error', 'Reconciler error', { ...QUOTAS, error: 'no\nroute \u001b[31mred' }),
        line(5, 'info', 'pass made', { name: 'teams', namespace: 'apps' }),
        line(7, 'info', 'pass made', { name: 'caches', namespace: 'data' }),
      );
    kubelet.logs
      .get('controller-2')
      ?.push(line(2, 'info', 'standing for leader election'), line(4, 'info', 'pass made', QUOTAS));
  });
  after(() => kubelet?.close());

  const run = (...args: string[]): Promise<ProgramResult> =>
    runProgram(['logs', ...args], { env: { KUBECONFIG: server().kubeconfig } });
  const stdout = async (...args: string[]) => (await run(...args)).stdout.split('\n').slice(0, -1);

  it('prints the lines about the sets of a namespace, in the order of time', async () => {
    const parts = [];
    for (const args of [['-n', 'apps'], ['-A'], ['-n', 'apps', '--name', 'quotas', '--level', 'error']])
      parts.push(transcriptOf(['logs', ...args], await run(...args)));
    await compareTranscript('logs', parts);
  });

  it('asks the server for the part that is wanted', async () => {
    kubelet.asked.length = 0;
    assert.equal((await stdout('-A', '--tail', '1')).length, 2);
    await stdout('-A', '--since', '90s');
    await stdout('-A', '--since-time', '2026-01-31T12:00:00Z');
    const queries = kubelet.asked.filter((asked) => asked.startsWith('controller-1/'));
    assert.deepEqual(queries, [
      'controller-1/controller?tailLines=1',
      'controller-1/controller?sinceSeconds=90',
      'controller-1/controller?sinceTime=2026-01-31T12%3A00%3A00Z',
    ]);
  });

  const mistakes: [string, string[], RegExp][] = [
    ['two beginnings', ['--since', '5m', '--since-time', '2026-01-31T12:00:00Z'], /exclude each other/],
    ['a level that there is not', ['--level', 'fatal'], /Allowed choices are debug, info, warn, error/],
    ['a kind that has no lines', ['--kind', 'Kustomization'], /Allowed choices are GeneratorSet/],
    ['a time that is none', ['--since-time', 'yesterday'], /must be a time such as/],
    ['a number that is none', ['--tail', '-1'], /must be a number of lines/],
    ['no controller', ['--flux-namespace', 'default'], /no pod of the controller in namespace default/],
  ];
  for (const [what, args, words] of mistakes) {
    it(`refuses ${what}`, async () => {
      const { code, stderr } = await run(...args);
      assert.equal(code, 1);
      assert.match(stderr, words);
    });
  }

  it('says which pod cannot be read, and fails where none can', async () => {
    const namespace = await createNamespace(server());
    await kubelet.addPod(namespace, 'mute');
    await kubelet.addPod(namespace, 'speaking');
    kubelet.logs.delete('mute');
    kubelet.say('speaking', line(1, 'info', 'pass made', QUOTAS));
    const some = await run('-A', '--flux-namespace', namespace);
    assert.deepEqual([some.code, some.stdout.split('\n').length], [0, 2]);
    assert.match(some.stderr, /^⚠️ get pods .*mute log: /);
    kubelet.logs.delete('speaking');
    const none = await run('-A', '--flux-namespace', namespace);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /✗ get pods .* log: /);
  });

  it('follows the pods that there are and those that come, and gives no line twice', async () => {
    const namespace = await createNamespace(server());
    await kubelet.addPod(namespace, 'old');
    kubelet.say('old', line(1, 'info', 'one', QUOTAS));
    const seen = { text: '' };
    const { code, stdout: all } = await runProgram(
      ['logs', '-f', '-n', 'apps', '--flux-namespace', namespace],
      {
        env: { KUBECONFIG: server().kubeconfig },
        started(child) {
          child.stdout?.on('data', (chunk) => {
            seen.text += String(chunk);
          });
          const come = (word: string) => waitFor(`the line ${word}`, () => seen.text.includes(`- ${word}\n`));
          void (async () => {
            await come('one');
            kubelet.say('old', line(2, 'info', 'two', QUOTAS));
            await come('two');
            kubelet.hangUp();
            await kubelet.addPod(namespace, 'new');
            kubelet.say('new', line(3, 'info', 'three', QUOTAS));
            await come('three');
            kubelet.say('old', line(4, 'info', 'four', QUOTAS));
            await come('four');
          })()
            .catch(() => {})
            .finally(() => child.kill('SIGTERM'));
        },
      },
    );
    assert.equal(code, 143);
    const words = all.split('\n').map((text) => text.split(' - ')[1]);
    assert.deepEqual(words, ['one', 'two', 'three', 'four', undefined]);
    await deleteObject(server(), { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'old', namespace } });
  });
});
