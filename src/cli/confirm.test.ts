import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import picocolors from 'picocolors';
import { confirm } from './confirm.ts';
import type { Streams } from './streams.ts';

/** Streams on which somebody types these chunks; without a terminal where told. */
function streamsWith(chunks: readonly string[], isTTY = true) {
  const written: string[] = [];
  const stderr = { write: (text: string) => written.push(text) };
  const stdin = Object.assign(Readable.from(chunks), { isTTY });
  const colors = picocolors.createColors(false);
  const streams: Streams = { stdin, stdout: stderr, stderr, colors, errorColors: colors };
  return { streams, written };
}

const rules = { option: '--silent', signal: new AbortController().signal };

describe('confirm', () => {
  for (const [chunks, yes] of [
    [['y\n'], true],
    [['Yes\n'], true],
    [[' y', 'es \nno\n'], true],
    [['y'], true],
    [['\n'], false],
    [[], false],
    [['n\n'], false],
    [['yesterday\n'], false],
    [['no\ny\n'], false],
    [['x'.repeat(10_000)], false],
  ] as const) {
    it(`takes ${JSON.stringify(chunks).slice(0, 40)} for ${yes ? 'yes' : 'no'}`, async () => {
      const { streams, written } = streamsWith(chunks);
      assert.equal(await confirm('Remove it?', streams, rules), yes);
      assert.deepEqual(written, ['Remove it? [y/N] ']);
    });
  }

  it('refuses to go on where nobody can be asked', async () => {
    const { streams } = streamsWith(['y\n'], false);
    await assert.rejects(confirm('Remove it?', streams, rules), /there is no terminal .* give --silent/);
  });

  it('ends with the signal while nobody answers', async () => {
    const { streams } = streamsWith([]);
    const stdin = Object.assign(new Readable({ read() {} }), { isTTY: true });
    const stop = new AbortController();
    const asked = confirm('Remove it?', { ...streams, stdin }, { ...rules, signal: stop.signal });
    stop.abort(new Error('interrupted'));
    await assert.rejects(asked, { name: 'AbortError' });
    assert.ok(stdin.destroyed);
  });

  it('asks nobody once the signal is aborted', async () => {
    const { streams, written } = streamsWith(['y\n']);
    const signal = AbortSignal.abort(new Error('interrupted'));
    await assert.rejects(confirm('Remove it?', streams, { ...rules, signal }), /interrupted/);
    assert.deepEqual(written, []);
  });
});
