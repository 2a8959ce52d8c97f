import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { type Invocation, reconcileCommand, runCommand } from './run-command.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

function invocation(paths: string[], options: Partial<Invocation['options']> = {}): Invocation {
  const all = { namespace: 'flux-system', ...options };
  return { paths, options: all, program: 'generatorset', defaultNamespace: 'flux-system' };
}

describe('the command that delivers a plan', () => {
  const cases: [name: string, command: string, expected: string][] = [
    ['names the sets', runCommand(invocation(['a.yaml', 'sets/']), []), 'a.yaml sets/'],
    [
      'approves what it is given',
      runCommand(invocation(['-']), [DIGEST, 'b']),
      `--approve ${DIGEST} --approve b -`,
    ],
    [
      'has the same target and answers, and no defaults',
      runCommand(
        invocation(['a.yaml'], {
          namespace: 'shop',
          gitUrl: 'https://example.com/fleet.git',
          branch: 'next',
          path: 'apps',
          objects: 'objects',
          replay: 'replay',
        }),
        [],
      ),
      '--namespace shop --objects objects --replay replay --git-url https://example.com/fleet.git --branch next --path apps a.yaml',
    ],
    [
      'leaves the default branch out',
      runCommand(invocation(['a'], { gitUrl: '.', branch: 'main' }), []),
      '--git-url . a',
    ],
    [
      'names a directory',
      runCommand(invocation(['a'], { directory: 'my out' }), []),
      "--directory 'my out' a",
    ],
    [
      'ends the options before a file that looks like one',
      runCommand(invocation(['-x.yaml']), []),
      '-- -x.yaml',
    ],
  ];
  for (const [name, command, expected] of cases) {
    it(name, () => assert.equal(command, `generatorset run --once ${expected}`));
  }

  it('may show the plan in place of delivering it', () =>
    assert.equal(runCommand(invocation(['a.yaml']), ['b'], 'plan'), 'generatorset plan --approve b a.yaml'));

  it('gives a shell exactly the words that it was made of', () => {
    const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(
        fc.array(
          word.map((text) => `./${text}`),
          { minLength: 1, maxLength: 3 },
        ),
        (paths) => {
          const words = runCommand(invocation(paths), []).replace(
            'generatorset run --once',
            "printf '%s\\0'",
          );
          const printed = execFileSync('/bin/sh', ['-c', words], { encoding: 'utf8' });
          assert.deepEqual(printed.split('\0').slice(0, -1), paths);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the command that lets the controller deliver', () => {
  const set = { namespace: 'apps', name: 'memory' };
  const cases: [
    what: string,
    options: Partial<Invocation['options']>,
    approved: string[],
    expected: string,
  ][] = [
    ['names the set', {}, [], ''],
    ['approves', {}, [DIGEST], ` --approve ${DIGEST}`],
    [
      'asks the same cluster as the same person, and repeats no token',
      { context: 'prod', kubeconfig: 'my config', token: 'sesame', as: 'a', asGroup: ['b', 'c'], live: true },
      [],
      " --kubeconfig 'my config' --context prod --as a --as-group b --as-group c",
    ],
  ];
  for (const [what, options, approved, expected] of cases) {
    it(what, () => {
      const called = { ...invocation([], options), program: 'flux generatorset' };
      const command = reconcileCommand(called, set, approved);
      assert.equal(command, `flux generatorset reconcile memory --namespace apps${expected}`);
    });
  }
});
