import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LogLine } from './log-line.ts';
import { mergeLogs } from './merge-logs.ts';

async function* log(times: readonly number[], name: string): AsyncGenerator<LogLine> {
  for (const time of times) {
    const ts = new Date(time).toISOString();
    yield { ts, name, level: '', message: '', error: '', kind: '', namespace: '' };
  }
}

describe('mergeLogs', () => {
  it('gives every line once, in the order of time, and keeps the order within each log', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 })).map((list) => list.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(fc.array(times, { maxLength: 4 }), async (logs) => {
        const merged: LogLine[] = [];
        for await (const line of mergeLogs(logs.map((list, index) => log(list, String(index)))))
          merged.push(line);
        const stamps = merged.map(({ ts }) => ts);
        assert.deepEqual(stamps, [...stamps].sort());
        for (const [index, list] of logs.entries()) {
          const own = merged.filter(({ name }) => name === String(index));
          assert.deepEqual(
            own.map(({ ts }) => Date.parse(ts)),
            list,
          );
        }
      }),
    );
  });
});
