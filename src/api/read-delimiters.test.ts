import assert from 'node:assert/strict';
import { readDelimiters } from './read-delimiters.ts';

describe('readDelimiters', () => {
  const accepted = [
    { annotations: {}, delimiters: undefined },
    { annotations: { other: 'x' }, delimiters: undefined },
    { annotations: { 'sets.gitops.pro/delimiters': '${{,}}' }, delimiters: ['${{', '}}'] },
    { annotations: { 'generatorset.dev/delimiters': '<<,>>' }, delimiters: ['<<', '>>'] },
    { annotations: { 'generatorset.dev/delimiters': '[[,]]' }, delimiters: ['[[', ']]'] },
    {
      annotations: { 'sets.gitops.pro/delimiters': '((,))', 'generatorset.dev/delimiters': '<%,%>' },
      delimiters: ['<%', '%>'],
    },
  ];
  for (const { annotations, delimiters } of accepted) {
    it(`${JSON.stringify(annotations)} gives ${JSON.stringify(delimiters)}`, () => {
      assert.deepEqual(readDelimiters(annotations as Record<string, string>), delimiters);
    });
  }

  const refused = [
    '',
    ',',
    '{{',
    '{{,',
    ',}}',
    '{{,{{',
    '{{,}},',
    'a,b',
    '{{ , }}',
    '",\'',
    '\n,}}',
    '.,}}',
    '-{,}}',
    '/*,*/',
  ];
  for (const value of [...refused, `${'{'.repeat(10_000)},}}`]) {
    it(`refuses ${JSON.stringify(value.slice(0, 20))}`, () => {
      assert.throws(() => readDelimiters({ 'generatorset.dev/delimiters': value }), {
        name: 'StalledError',
        reason: 'InvalidDelimiters',
        message: /^annotation generatorset\.dev\/delimiters: two different delimiters are needed/,
      });
    });
  }
});
