import assert from 'node:assert/strict';
import { readApprovals } from './read-approvals.ts';

const annotated = (value: string) => ({ 'generatorset.dev/approve': value });

describe('readApprovals', () => {
  const cases: [
    what: string,
    given: readonly string[] | undefined,
    annotations: Record<string, string>,
    expected: string[],
  ][] = [
    ['nothing where nobody approved', undefined, {}, []],
    ['what the command line says', ['sha256:a'], {}, ['sha256:a']],
    ['what the annotation says', undefined, annotated('sha256:a'), ['sha256:a']],
    ['both', ['sha256:a'], annotated('sha256:b'), ['sha256:a', 'sha256:b']],
    [
      'several, by commas or spaces',
      ['sha256:a,sha256:b', 'sha256:c'],
      annotated(' sha256:d,  sha256:e '),
      ['a', 'b', 'c', 'd', 'e'].map((name) => `sha256:${name}`),
    ],
    ['nothing where the annotation is empty', undefined, annotated(''), []],
  ];
  for (const [what, given, annotations, expected] of cases) {
    it(`gives ${what}`, () => assert.deepEqual([...readApprovals(given, annotations)], expected));
  }
});
