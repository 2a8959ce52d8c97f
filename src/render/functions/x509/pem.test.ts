import assert from 'node:assert/strict';
import fc from 'fast-check';
import { processorTime } from '../../../../test/harness/processor-time.ts';
import { decodePem, encodePem } from './pem.ts';

describe('PEM', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
        const bytes = Buffer.from(content);
        const text = encodePem({ type: 'RSA PRIVATE KEY', bytes });
        assert.deepEqual(decodePem(text), { type: 'RSA PRIVATE KEY', bytes });
        for (const line of text.split('\n')) assert.ok(line.length <= 64);
      }),
    );
  });

  const block = '-----BEGIN A-----\nYWJj\n-----END A-----';
  const found: [name: string, text: string, type: string][] = [
    ['a block without a last line end', block, 'A'],
    ['a block behind other text', `hello\n${block}\n`, 'A'],
    ['the first of several', `${block}\n${block.replaceAll('A-', 'B-')}`, 'A'],
    ['a block with headers', block.replace('YWJj', 'Proc-Type: 4\nX: y\n\nYWJj'), 'A'],
    ['lines of a foreign system', block.replaceAll('\n', ' \r\n'), 'A'],
    ['the next one where the first has no end of its own', `-----BEGIN B-----\nYWJj\n${block}`, 'A'],
    [
      'the next one where the first is no base64',
      `${block.replace('YWJj', '%%%%')}\n${block.replaceAll(' A', ' C')}`,
      'C',
    ],
  ];
  for (const [name, text, type] of found) {
    it(`finds ${name}`, () => {
      assert.deepEqual(decodePem(text), { type, bytes: Buffer.from('abc') });
    });
  }

  const nothing: [name: string, text: string][] = [
    ['no text', ''],
    ['a block without end', '-----BEGIN A-----\nYWJj\n'],
    ['a block with another end', '-----BEGIN A-----\nYWJj\n-----END B-----\n'],
    ['a line that does not begin with the block', ` ${block}`],
  ];
  for (const [name, text] of nothing) {
    it(`finds nothing in ${name}`, () => assert.equal(decodePem(text), undefined));
  }

  it('refuses a text that is too long, and reads one of many broken blocks in a moment', () => {
    assert.throws(() => decodePem('a'.repeat(65_537)), /PEM data is larger than 65536 characters/);
    const start = processorTime();
    assert.equal(decodePem('-----BEGIN A-----\n'.repeat(3000)), undefined);
    assert.ok(processorTime() - start < 500);
  });
});
