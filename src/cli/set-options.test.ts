import assert from 'node:assert/strict';
import { isAbsolute } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './command-context.ts';
import {
  type ApproveOptions,
  addApproveOption,
  addSetOptions,
  addTargetOptions,
  cacheFolder,
} from './set-options.ts';

const [ONE, TWO] = ['1', '2'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];

function approve(...args: string[]): ApproveOptions {
  const quiet = { writeErr: () => {}, writeOut: () => {} };
  const command = addApproveOption(new Command('run').exitOverride().configureOutput(quiet), 'approve');
  return command.parse(args, { from: 'user' }).opts<ApproveOptions>();
}

describe('--approve', () => {
  const given: [name: string, args: string[], digests: string[] | undefined][] = [
    ['may be absent', [], undefined],
    ['takes a digest', ['--approve', ONE], [ONE]],
    ['may be repeated', ['--approve', ONE, '--approve', TWO], [ONE, TWO]],
    ['takes several with commas', ['--approve', `${ONE},${TWO}`], [ONE, TWO]],
    ['ignores spaces and empty places', ['--approve', ` ${ONE}, ,${TWO},`], [ONE, TWO]],
  ];
  for (const [name, args, digests] of given) {
    it(name, () => assert.deepEqual(approve(...args).approve, digests));
  }

  const refused = ['', ',', 'sha256:12', '1'.repeat(64), `${ONE},x`, ONE.toUpperCase(), `${ONE}1`];
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))}, and says what to write`, () => {
      const said = /write the whole digest/;
      assert.throws(
        () => approve('--approve', text),
        (error) => error instanceof CommanderError && said.test(error.message),
      );
    });
  }
});

describe('an option with a place', () => {
  const command = () => {
    const quiet = { writeErr: () => {}, writeOut: () => {} };
    const bare = new Command('run').exitOverride().configureOutput(quiet);
    return addTargetOptions(addSetOptions(bare, { env: {} } as CommandContext));
  };
  for (const flag of ['--replay', '--record', '--objects', '--directory', '--git-url', '--branch']) {
    for (const text of ['', ' ']) {
      it(`refuses ${flag} ${JSON.stringify(text)}, which an unset variable makes`, () => {
        const parse = () => command().parse([flag, text], { from: 'user' });
        assert.throws(parse, (error) => error instanceof CommanderError && /It is empty/.test(error.message));
      });
    }
  }

  it('takes the root of a repository for an empty --path', () => {
    assert.equal(command().parse(['--path', ''], { from: 'user' }).opts()['path'], '');
  });
});

describe('cacheFolder', () => {
  const cases: [env: Record<string, string>, folder: string][] = [
    [{ XDG_CACHE_HOME: '/x', HOME: '/h' }, '/x/generatorset'],
    [{ XDG_CACHE_HOME: 'x', HOME: '/h' }, '/h/.cache/generatorset'],
    [{ XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/generatorset'],
  ];
  for (const [env, folder] of cases) {
    it(`is ${folder} for ${JSON.stringify(env)}`, () => assert.equal(cacheFolder(env), folder));
  }

  it('is absolute, whatever HOME is', () => {
    for (const env of [{ HOME: 'h' }, { HOME: '' }, {}]) assert.equal(isAbsolute(cacheFolder(env)), true);
  });
});
