import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addInstallationOptions } from './install-options.ts';

function parse(...args: string[]): Record<string, unknown> {
  const command = addInstallationOptions(new Command('install'));
  command.exitOverride().configureOutput({ writeErr: () => {} });
  command.parse(args, { from: 'user' });
  return command.opts();
}

describe('the options of install', () => {
  it('are none but the network policy where none are given', () =>
    assert.deepEqual(parse(), { networkPolicy: true }));

  const given: readonly [string, string[], unknown][] = [
    ['networkPolicy', ['--network-policy=false'], false],
    ['networkPolicy', ['--network-policy'], true],
    ['networkPolicy', ['--network-policy', 'true'], true],
    ['tolerationKeys', ['--toleration-keys', 'a, example.com/b'], ['a', 'example.com/b']],
    ['watchLabelSelector', ['--watch-label-selector', 'a in (b, c)'], 'a in (b, c)'],
    ['imagePullSecret', ['--image-pull-secret', 'registry.key'], 'registry.key'],
    ['registry', ['--registry', 'localhost:5000/mirror'], 'localhost:5000/mirror'],
  ];
  for (const [option, args, value] of given) {
    it(`take ${args.join(' ')}`, () => assert.deepEqual(parse(...args)[option], value));
  }

  const refused: readonly [string[], RegExp][] = [
    [['--network-policy=no'], /write true or false/],
    [['--image', 'a b'], /write it without spaces/],
    [['--image', ''], /write a line of text/],
    [['--registry', 'a\u200bb'], /write a line of text/],
    [['--events-addr', 'http://a\nb'], /write a line of text/],
    [['--watch-label-selector', 'a\u0007'], /write a line of text/],
    [['--image-pull-secret', 'Not a name'], /write the name of a Secret/],
    [['--toleration-keys', 'a,,b'], /write keys of taints/],
    [['--log-level', 'trace'], /Allowed choices are debug, info, warn, error/],
  ];
  for (const [args, message] of refused) {
    it(`refuse ${JSON.stringify(args.join(' '))}`, () => assert.throws(() => parse(...args), message));
  }
});
