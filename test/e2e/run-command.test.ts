import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LIST_SET, listSetWith, useCommandLine } from '../harness/command-line.ts';
import { makeRepository } from '../harness/git.ts';
import { runProgram } from '../harness/run-program.ts';

describe('the command line run', function () {
  this.timeout(60_000);
  const { folder, env, run, writeSet } = useCommandLine();
  const runOnce = (file: string) => run('run', '--once', '--directory', join(folder.path, 'out'), file);

  it('refuses a set without a target, and names the options', async () => {
    const { code, stderr } = await run('run', '--once', await writeSet(LIST_SET));
    assert.equal(code, 1);
    const [message] = stderr.split('\n');
    assert.equal(
      message,
      '✗ flux-system/list: spec.target is missing: give --git-url (with --branch and --path) or --directory; applying to a cluster is for the controller',
    );
  });

  it('ends at once where no set has a target', async () => {
    const { code, stderr } = await run('run', await writeSet(LIST_SET));
    assert.equal(code, 1);
    assert.match(stderr, /^✗ \S+Z spec\.target is missing: give --git-url [^\n]*\n$/);
  });

  it('refuses a set that is to be applied, and offers no options that would not help', async () => {
    const set = LIST_SET.replace('  templates:', '  target: {apply: {}}\n  templates:');
    const { stderr } = await run('run', '--once', await writeSet(set));
    assert.match(
      stderr,
      /✗ flux-system\/list: spec\.target\.apply: applying to a cluster is for the controller\n/,
    );
    const diff = await run('diff', await writeSet(set));
    assert.equal(diff.code, 2);
    assert.match(diff.stderr, /for the controller; --live compares it with a cluster\n/);
  });

  it('says a failure once', async () => {
    const good = LIST_SET.replace('name: list', 'name: good');
    const bad = listSetWith('apiClient: {interval: 1h, endpoint: "http://127.0.0.1:1/"}');
    const file = await writeSet(`${good}---\n${bad}`);
    const { code, stdout, stderr } = await runOnce(file);
    assert.equal(code, 1);
    assert.equal(`${stdout}${stderr}`.split('connection refused').length, 2);
    assert.match(stdout, /^flux-system +list +False +failed$/m);
  });

  it('prints no table of nothing', async () => {
    const { code, stdout } = await run('run', '--once', await writeSet('a: 1\n'));
    assert.deepEqual([code, stdout], [1, '']);
  });

  it('prints a table, and skips a suspended set with one line', async () => {
    const file = await writeSet(
      `${LIST_SET}---\n${LIST_SET.replace('name: list', 'name: still').replace('spec:', 'spec:\n  suspend: true')}`,
    );
    const { code, stdout, stderr } = await runOnce(file);
    assert.equal(code, 0);
    assert.deepEqual(
      stdout.split('\n').map((line) => line.split(/ {3,}/)),
      [
        ['NAMESPACE', 'NAME', 'REVISION', 'READY', 'MESSAGE'],
        ['flux-system', 'list', 'True', '2 created'],
        ['flux-system', 'still', '-', 'suspended'],
        [''],
      ],
    );
    assert.match(stderr, /◎ flux-system\/still: suspended/);
  });

  it('prints JSON', async () => {
    const repository = makeRepository(join(folder.path, 'fleet.git'));
    const { stdout } = await run(
      'run',
      '--once',
      '-o',
      'json',
      '--git-url',
      repository,
      await writeSet(LIST_SET),
    );
    const { sets } = JSON.parse(stdout) as { sets: { name: string; ready: boolean; revision: string }[] };
    assert.equal(sets[0]?.ready, true);
    assert.match(sets[0]?.revision ?? '', /^main@sha1:[0-9a-f]{40}$/);
  });

  it('keeps running, sees an edited file, and ends with 0 on SIGTERM', async () => {
    const file = await writeSet(LIST_SET);
    const out = join(folder.path, 'out');
    const { code, stderr } = await runProgram(['run', '--directory', out, file], {
      env: env(),
      async started(child) {
        await waitFor(() => existsSync(join(out, 'flux-system-configmap-a.yaml')));
        await writeFile(file, LIST_SET.replace('name: b', 'name: c'));
        await waitFor(() => existsSync(join(out, 'flux-system-configmap-c.yaml')));
        child.kill('SIGTERM');
      },
    });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /◎ \S+Z finishing the pass/);
    assert.match(stderr, /✔ \S+Z stopped/);
  });

  const stops: [string, number, number, boolean][] = [
    ['finishes the pass after one SIGTERM', 1, 0, true],
    ['stops at once after the second, and delivers nothing', 2, 143, false],
  ];
  for (const [title, signals, expectedCode, delivered] of stops) {
    it(title, async () => {
      const answered = signals === 1 ? 1500 : 20_000;
      const server = createServer((_, response) =>
        setTimeout(() => response.end('{"name": "a", "size": 1}'), answered),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const asked = once(server, 'request');
      const generator = `apiClient: {interval: 1h, endpoint: "http://127.0.0.1:${port}/", singleElement: true}`;
      const file = await writeSet(listSetWith(generator));
      const out = join(folder.path, 'out');
      const { code, stderr } = await runProgram(['run', '--once', '--directory', out, file], {
        env: env(),
        async started(child) {
          await asked;
          for (let sent = 0; sent < signals; sent++) {
            child.kill('SIGTERM');
            await delay(700);
          }
        },
      });
      server.closeAllConnections();
      server.close();
      assert.equal(code, expectedCode, stderr);
      assert.match(stderr, /◎ finishing the pass/);
      assert.equal(existsSync(join(out, 'flux-system-configmap-a.yaml')), delivered);
    });
  }

  it('refuses to read stdin again and again', async () => {
    const { code, stderr } = await runProgram(['run', '--directory', join(folder.path, 'out'), '-'], {
      stdin: LIST_SET,
      env: env(),
    });
    assert.equal(code, 1);
    assert.match(stderr, /stdin can be read only once: add --once/);
  });

  it('ends at once when no file has a usable set', async () => {
    const { code, stderr } = await run(
      ...['run', '--directory', join(folder.path, 'out')],
      await writeSet(LIST_SET.replace('spec:', 'spec:\n  intervall: 5s')),
    );
    assert.equal(code, 1);
    assert.equal(stderr.split('intervall').length, 2, stderr);
  });

  it('says once what is wrong with a file, goes on with the others, and ends with 0', async () => {
    const bad = LIST_SET.replace('name: list', 'name: bad').replace('spec:', 'spec:\n  intervall: 5s');
    const file = await writeSet(`${LIST_SET}---\n${bad}`);
    const out = join(folder.path, 'out');
    const { code, stderr } = await runProgram(['run', '--directory', out, file], {
      env: env(),
      async started(child) {
        await waitFor(() => existsSync(join(out, 'flux-system-configmap-a.yaml')));
        await delay(500);
        child.kill('SIGTERM');
      },
    });
    assert.deepEqual([code, stderr.split('intervall').length], [0, 2], stderr);
  });

  it('asks nobody again after a restart within the interval', async () => {
    const set = LIST_SET.replace('interval: 5s', 'interval: 1h');
    const file = await writeSet(set);
    const out = join(folder.path, 'out');
    const runUntil = (said: RegExp) =>
      runProgram(['run', '--directory', out, file], {
        env: env(),
        started(child) {
          let text = '';
          child.stderr?.on('data', (chunk: Buffer) => {
            // A second one would stop it at once.
            const isSaid = said.test(text);
            text += chunk;
            if (!isSaid && said.test(text)) child.kill('SIGINT');
          });
        },
      });
    assert.match((await runUntil(/2 created/)).stderr, /2 created/);
    const second = await runUntil(/ran already, next in/);
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
    const waits = new RegExp(
      `^◎ ${time} flux-system/list: ran already, next in (1h|59m|1h0m).*, at ${time}$`,
      'm',
    );
    assert.match(second.stderr, waits);
    assert.doesNotMatch(second.stderr, /created|unchanged/);
    assert.equal(second.code, 0);
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (condition()) return;
    await delay(50);
  }
  assert.fail('it did not happen within 20 seconds');
}
