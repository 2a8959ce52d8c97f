import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { packRuns, type Run, unpackRuns } from './checkpoint-format.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

describe('packRuns', () => {
  it('keeps whole seconds of any runs', async () => {
    const run = fc.record({ generation: fc.nat(), at: fc.integer({ min: 0, max: 2 * NOW }) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.uuid(), run)), async (entries) => {
        const runs = new Map(entries);
        const expected = [...runs].map(([uid, { generation, at }]) => [
          uid,
          { generation, at: at - (at % 1000) },
        ]);
        assert.deepEqual(
          new Map(await unpackRuns(await packRuns(runs))),
          new Map(expected as [string, Run][]),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('needs less than 300 KiB for 10,000 sets, and never more than a ConfigMap may have', async () => {
    const make = (count: number) =>
      new Map(
        Array.from({ length: count }, (_, i) => [
          randomUUID(),
          { generation: 1 + (i % 7), at: NOW - i * 8123 },
        ]),
      );
    const size = async (count: number) => Buffer.from(await packRuns(make(count)), 'base64').length;
    assert.ok((await size(10_000)) < 300 * 1024);
    assert.ok((await size(40_000)) < 900 * 1024);
  });

  it('leaves out the oldest of too many', async () => {
    const runs = new Map(
      Array.from({ length: 30_010 }, (_, i) => [`uid-${i}`, { generation: 1, at: i * 1000 }]),
    );
    const kept = await unpackRuns(await packRuns(runs));
    assert.equal(kept.size, 30_000);
    assert.deepEqual([kept.has('uid-9'), kept.has('uid-10')], [false, true]);
  });
});

describe('unpackRuns', () => {
  const zip = (text: string) => gzipSync(text).toString('base64');
  const refused: [title: string, packed: string, message: RegExp][] = [
    ['nothing', '', /cannot be unpacked/],
    [
      'what is not compressed',
      Buffer.from('{"version":1,"runs":{}}').toString('base64'),
      /cannot be unpacked/,
    ],
    ['what is no JSON', zip('runs'), /are no JSON/],
    ['another version', zip('{"version":2,"runs":{}}'), /are not of version 1/],
    ['a list', zip('[]'), /are not of version 1/],
    ['a bomb', zip(' '.repeat(20 * 1024 * 1024)), /cannot be unpacked/],
    ['too much', 'A'.repeat(3 * 1024 * 1024), /are no text of base64/],
    ['keys that reach prototypes', zip('{"version":1,"runs":{"__proto__":[1,1]}}'), /are no JSON/],
  ];
  for (const [title, packed, message] of refused) {
    it(`refuses ${title}`, () => assert.rejects(unpackRuns(packed), { name: 'CheckpointError', message }));
  }

  it('passes over entries that are no runs', async () => {
    const packed = zip(
      '{"version":1,"runs":{"a":[1,2],"b":[1],"c":"x","d":[1.5,2],"e":[1,12345678901234567890],"constructor":[3,4]}}',
    );
    assert.deepEqual([...(await unpackRuns(packed)).keys()], ['a', 'constructor']);
  });
});
