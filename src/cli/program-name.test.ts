import assert from 'node:assert/strict';
import { commandWords, programName } from './program-name.ts';

describe('the name of the program', () => {
  const cases: [file: string | undefined, name: string][] = [
    ['/usr/bin/generatorset', 'generatorset'],
    ['/work/bin/generatorset.cjs', 'generatorset'],
    ['/usr/local/bin/flux-generatorset', 'flux generatorset'],
    ['/root/.fluxcd/plugins/flux-generatorset', 'flux generatorset'],
    ['/usr/local/bin/kubectl-generatorset', 'kubectl generatorset'],
    ['/usr/local/bin/kubectl-generatorset.CMD', 'kubectl generatorset'],
    ['/usr/local/bin/kubectl_complete-generatorset', 'kubectl generatorset'],
    ['/tmp/other', 'generatorset'],
    ['', 'generatorset'],
    [undefined, 'generatorset'],
  ];
  for (const [file, name] of cases) {
    it(`is ${name} for ${file}`, () => assert.equal(programName(file), name));
  }

  it('makes every word one of a completion where kubectl asks for it', () => {
    assert.deepEqual(commandWords('/usr/bin/kubectl_complete-generatorset', ['get', '']), [
      '__complete',
      'get',
      '',
    ]);
    assert.deepEqual(commandWords('/usr/bin/kubectl-generatorset', ['get', '']), ['get', '']);
  });
});
