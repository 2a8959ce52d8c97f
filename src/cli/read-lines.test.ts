import assert from 'node:assert/strict';
import { readLines } from './read-lines.ts';

async function linesOf(chunks: (string | Uint8Array)[], limit = 10): Promise<string[]> {
  async function* stream() {
    yield* chunks;
  }
  return Array.fromAsync(readLines(stream(), limit));
}

describe('readLines', () => {
  const euro = Buffer.from('€\n');
  const cases: [string, (string | Uint8Array)[], string[]][] = [
    ['gives lines however the chunks fall', ['a', 'b\nc', '\n', 'd'], ['ab', 'c', 'd']],
    ['gives empty lines', ['a\n\nb\n'], ['a', '', 'b']],
    ['puts characters together that chunks cut', [euro.subarray(0, 1), euro.subarray(1)], ['€']],
    [
      'cuts a line that is too long, and goes on with the next',
      ['x'.repeat(30), 'y\nz\n'],
      ['x'.repeat(11), 'z'],
    ],
    ['gives nothing for nothing', [], []],
  ];
  for (const [title, chunks, lines] of cases)
    it(title, async () => assert.deepEqual(await linesOf(chunks), lines));
});
