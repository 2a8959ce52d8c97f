import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { packRuns, type Run, unpackRuns } from './checkpoint-format.ts';
import type { KeptReference } from './kept-reference.ts';

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

describe('packRuns with references', () => {
  const referenceTo = (name: string, digest = randomUUID().slice(-16)): KeptReference => ({
    use: 'generate',
    ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name },
    digest,
  });

  it('keeps objects, lists, and that nothing was read', async () => {
    const place = { apiVersion: 'x/v1', kind: 'Source', namespace: '' };
    const labelSelector = { matchExpressions: [{ key: 'a', operator: 'In' as const, values: ['b'] }] };
    const references: KeptReference[] = [
      referenceTo('a'),
      { use: 'target', ref: place, digest: '1' },
      { use: 'generate', ref: { ...place, labelSelector }, digest: '2' },
    ];
    const run = { generation: 1, at: NOW };
    const runs = new Map<string, Run>([
      ['a', { ...run, references }],
      ['b', { ...run, references: [] }],
      ['c', run],
    ]);
    assert.deepEqual(await unpackRuns(await packRuns(runs)), runs);
  });

  it('has place for 10,000 sets that read an object each', async () => {
    const runs = Array.from({ length: 10_000 }, (_, i): [string, Run] => [
      randomUUID(),
      { generation: 1, at: NOW - i * 8123, references: [referenceTo(`settings-${i}`)] },
    ]);
    const packed = await packRuns(new Map(runs));
    assert.ok(Buffer.from(packed, 'base64').length < 700 * 1024);
    assert.equal((await unpackRuns(packed)).size, 10_000);
  });

  for (const [what, name] of [
    ['what cannot be compressed', () => `${randomUUID()}${randomUUID()}${randomUUID()}`],
    ['what can', () => 'a'.repeat(250)],
  ] as const) {
    it(`leaves out the oldest of too many references of ${what}`, async () => {
      const runs = Array.from({ length: 3000 }, (_, i): [string, Run] => {
        const references = Array.from({ length: 20 }, () => referenceTo(name(), '0'));
        return [`uid-${i}`, { generation: 1, at: i * 1000, references }];
      });
      const packed = await packRuns(new Map(runs));
      assert.ok(Buffer.from(packed, 'base64').length < 1000 * 1024);
      const kept = await unpackRuns(packed);
      assert.ok(kept.size > 300 && kept.size < 3000, `${kept.size}`);
      assert.equal(kept.has('uid-2999'), true);
      assert.equal(kept.has('uid-0'), false);
    });
  }
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

  const unknown: [what: string, references: string][] = [
    ['kept by a version that knew of none', ''],
    ['that are no list', ',{}'],
    ['for another use', ',[["depend","v1","ConfigMap","apps","a","0"]]'],
    ['without a digest', ',[["generate","v1","ConfigMap","apps","a"]]'],
    ['with a selector that is none', ',[["generate","v1","ConfigMap","apps",{"matchLabels":{"-":"x"}},"0"]]'],
    ['of which one cannot be read', ',[["generate","v1","ConfigMap","apps","a","0"],[]]'],
  ];
  for (const [what, references] of unknown) {
    it(`knows when a run was and no references that are ${what}`, async () => {
      const runs = await unpackRuns(zip(`{"version":1,"runs":{"a":[1,2${references}]}}`));
      assert.deepEqual(runs, new Map([['a', { generation: 1, at: 2000 }]]));
    });
  }
});
