import assert from 'node:assert/strict';
import fc from 'fast-check';
import { processorTime } from '../../../test/harness/processor-time.ts';
import { compareVersions, parseVersion } from './version.ts';
import { parseConstraint, satisfies } from './version-constraint.ts';

/** Each precedes the next one, by section 11 of semver.org. */
const ORDERED = [
  '0.9',
  '1.0.0-1',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  'v1',
  '1.0.1',
  '1.2',
  '10.0.0',
];

const number = fc.integer({ min: 0, max: 3 });
const version = fc
  .tuple(number, number, number, fc.constantFrom('', '-alpha', '-rc.2', '+build'))
  .map(([major, minor, patch, suffix]) => parseVersion(`${major}.${minor}.${patch}${suffix}`));

describe('versions', () => {
  it('have the precedence of the standard', () => {
    ORDERED.forEach((a, i) => {
      ORDERED.forEach((b, j) => {
        const order = compareVersions(parseVersion(a).parts, parseVersion(b).parts);
        assert.equal(order, Math.sign(i - j), `${a} ${b}`);
      });
    });
  });

  it('are read back from what they are written as', () => {
    fc.assert(fc.property(version, (one) => assert.equal(String(parseVersion(String(one))), String(one))));
  });

  for (const text of ['', 'x', '1.2.3.4', '1.2.3-01', '1..2', 'V1', ' 1', '1\n', '9'.repeat(1001)]) {
    it(`${JSON.stringify(text.slice(0, 20))} is none`, () => assert.throws(() => parseVersion(text)));
  }
});

describe('constraints', () => {
  it('mean what their operators say for releases', () => {
    fc.assert(
      fc.property(version, version, (one, bound) => {
        if (one.parts.prerelease !== '' || bound.parts.prerelease !== '') return;
        const order = compareVersions(one.parts, bound.parts);
        const check = (operator: string) => satisfies(one, parseConstraint(operator + bound));
        const answers = ['<', '<=', '=', '>=', '>', '!='].map(check);
        assert.deepEqual(answers, [order < 0, order <= 0, order === 0, order >= 0, order > 0, order !== 0]);
      }),
    );
  });

  it('hide prereleases unless they name one', () => {
    const candidate = parseVersion('1.2.3-rc.1');
    const cases: [string, boolean][] = [
      ['>=1.0', false],
      ['>=1.0-0', true],
      ['^1', false],
      ['*', false],
      ['!=1.2.3', true],
      ['!=1.x', false],
    ];
    for (const [text, isSatisfied] of cases) {
      assert.equal(satisfies(candidate, parseConstraint(text)), isSatisfied, text);
    }
  });

  const slow = [
    '>1 '.repeat(1300),
    ' '.repeat(4000),
    `1-${'a.'.repeat(2000)}!`,
    '1 - '.repeat(1000),
    '||'.repeat(2000),
  ];
  for (const text of slow) {
    it(`${JSON.stringify(text.slice(0, 10))} many times over are answered at once`, () => {
      const start = processorTime();
      try {
        satisfies(parseVersion('1'), parseConstraint(text));
      } catch (error) {
        assert.ok((error as Error).message.length < 300);
      }
      assert.ok(processorTime() - start < 1000);
    });
  }

  it('are refused when they are too long', () => {
    assert.throws(() => parseConstraint('1'.repeat(5000)), /^Error: improper constraint: 1{200}$/);
  });
});
