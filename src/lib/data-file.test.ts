import assert from 'node:assert/strict';
import { parseDataFile } from './data-file.ts';

describe('parseDataFile', () => {
  it('reads JSON by its name, and everything else as YAML', () => {
    assert.deepEqual(parseDataFile('a/b.json', Buffer.from('{"n": 10}')), { n: 10 });
    assert.deepEqual(parseDataFile('a/b.yaml', Buffer.from('k: 010')), { k: 8 });
    assert.deepEqual(parseDataFile('a/b', Buffer.from('k: 010')), { k: 8 });
  });

  const refused: readonly (readonly [what: string, path: string, content: Buffer, message: RegExp])[] = [
    ['what is no text', 'x.yaml', Buffer.from([0xff, 0xfe]), /^file "x.yaml" cannot be read: /],
    ['broken JSON', 'x.json', Buffer.from('{"secret": '), /^file "x.json" cannot be read: not valid JSON/],
    ['broken YAML', 'x.yaml', Buffer.from('a: ['), /^file "x.yaml" cannot be read: /],
    ['YAML of many values', 'x.yaml', Buffer.from('- 1\n'.repeat(50_001)), /more than 50000 values/],
    [
      'JSON of very many',
      'x.json',
      Buffer.from(`[${'1,'.repeat(1e6)}1]`),
      /more than 1000000 values and keys/,
    ],
    ['a name with a line break', 'a\n.json', Buffer.from('x'), /^file "a\\n.json" cannot be read: not valid/],
  ];
  for (const [what, path, content, message] of refused) {
    it(`refuses ${what}, naming the file and quoting nothing`, () =>
      assert.throws(
        () => parseDataFile(path, content),
        (error: Error) => message.test(error.message) && !error.message.includes('secret'),
      ));
  }

  it('reads 50,000 values of YAML', () =>
    assert.equal((parseDataFile('x.yaml', Buffer.from('- 1\n'.repeat(49_999))) as unknown[]).length, 49_999));
});
