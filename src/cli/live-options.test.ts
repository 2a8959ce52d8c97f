import assert from 'node:assert/strict';
import { Command } from 'commander';
import { COMMAND_CONTEXT } from '../../test/harness/command-context.ts';
import { addLiveOptions, asksForCluster, type LiveOptions } from './live-options.ts';

describe('the options of commands that may use a cluster', () => {
  const cases: [words: string[], asks: boolean][] = [
    [[], false],
    [['--live'], true],
    [['--context', 'a'], true],
    [['--kubeconfig', 'a'], true],
    [['--cluster', 'a'], true],
    [['--as', 'a'], true],
    [['--as-group', 'a'], true],
    [['--token', 'a'], true],
    [['--insecure-skip-tls-verify'], true],
  ];
  for (const [words, asks] of cases) {
    it(`${asks ? 'ask' : 'do not ask'} for one with ${JSON.stringify(words)}`, () => {
      const command = addLiveOptions(new Command(), COMMAND_CONTEXT);
      command.parse(words, { from: 'user' });
      assert.equal(asksForCluster(command.opts<LiveOptions>()), asks);
    });
  }

  it('leave the namespace to the command, and have no end', () => {
    const names = addLiveOptions(new Command(), COMMAND_CONTEXT).options.map(({ long }) => long);
    assert.ok(!names.includes('--namespace') && !names.includes('--timeout'));
    assert.equal(new Set(names).size, names.length);
  });
});
