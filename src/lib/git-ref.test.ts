import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { checkRefName, isObjectId } from './git-ref.ts';

const REFUSED = [
  '',
  '--force',
  '-d',
  '+main',
  'refs/heads/../x',
  'refs/heads/main',
  'HEAD',
  '@',
  '@{u}',
  'a@{1}',
  'a..b',
  'a.lock',
  'a.lock/b',
  '.a',
  'a/.b',
  'a/',
  '/a',
  'a//b',
  'a.',
  'a b',
  'a\tb',
  'a\nb',
  'a\0b',
  'a\x7fb',
  'a~b',
  'a^b',
  'a:b',
  'a?b',
  'a*b',
  'a[b',
  'a\\b',
  'x'.repeat(201),
  'a\ud800',
];

const ACCEPTED = [
  'main',
  'feature/x',
  'release-1.2',
  'a@b',
  'ä',
  'a+b',
  'x.y',
  'a-',
  'head',
  'lock',
  'a.lockx',
];

function gitAccepts(name: string): boolean {
  return spawnSync('git', ['check-ref-format', '--branch', name]).status === 0;
}

describe('checkRefName', () => {
  for (const name of REFUSED) {
    it(`refuses ${JSON.stringify(name.slice(0, 30))}`, () => {
      assert.throws(() => checkRefName(name, 'branch'), /^Error: branch "/);
    });
  }

  for (const name of ACCEPTED) {
    it(`accepts ${name}`, () => checkRefName(name, 'branch'));
    it(`agrees with git about ${name}`, () => assert.ok(gitAccepts(name)));
  }

  it('accepts nothing that git refuses', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '.',
      '/',
      '@',
      '{',
      '-',
      '~',
      '.lock',
      'HEAD',
      ':',
      '..',
      ' ',
      'ä',
      '*',
    );
    const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(name, (text) => {
        let accepted = true;
        try {
          checkRefName(text, 'branch');
        } catch {
          accepted = false;
        }
        if (accepted) assert.ok(gitAccepts(text), JSON.stringify(text));
      }),
      { numRuns: 300 },
    );
  });
});

describe('isObjectId', () => {
  const cases: [string, boolean][] = [
    ['0'.repeat(40), true],
    ['a'.repeat(64), true],
    ['A'.repeat(40), false],
    ['a'.repeat(39), false],
    ['a'.repeat(41), false],
    [`${'a'.repeat(40)}\n`, false],
    ['main', false],
    ['', false],
  ];
  for (const [text, expected] of cases) {
    it(`says ${expected} for ${JSON.stringify(text.slice(0, 8))} of ${text.length} characters`, () =>
      assert.equal(isObjectId(text), expected));
  }
});
