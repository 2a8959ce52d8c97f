import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NAME_PATTERN } from '../api/patterns.ts';
import { DECISIONS } from './decisions.ts';
import { INVENTORY, type StatusEntry } from './inventory.ts';
import { digestOfEntries, sortEntries } from './kept-list.ts';
import { divideList, readShardName, shardName } from './list-shards.ts';

const OWNER = { name: 'podinfo', uid: '7d1b9c1e-0000-4000-8000-000000000001' };

function entriesOf(count: number, prefix = 'team_application-'): StatusEntry[] {
  return sortEntries(
    INVENTORY,
    Array.from({ length: count }, (_, n) => ({ id: `${prefix}${n}_apps_Deployment`, v: 'v1' })),
  );
}

const divide = (entries: readonly StatusEntry[], before: readonly string[] = []) =>
  divideList(INVENTORY, entries, { owner: OWNER, before });

describe('divideList', () => {
  it('keeps up to 1,000 resources in the status and more in shards', () => {
    const small = divide(entriesOf(1000));
    assert.equal(small.kept.entries?.length, 1000);
    assert.equal(small.shards.size, 0);
    const large = divide(entriesOf(1001));
    assert.equal(large.kept.entries, undefined);
    assert.equal(large.kept.count, 1001);
    assert.equal(large.kept.digest, digestOfEntries(INVENTORY, entriesOf(1001)));
    assert.deepEqual(large.kept.shards, [...large.shards.keys()]);
  });

  it('takes resources with very long names out of the status earlier', () => {
    const { kept } = divide(entriesOf(600, `${'n'.repeat(63)}_${'x'.repeat(250)}`));
    assert.equal(kept.entries, undefined);
  });

  it('keeps up to 500 decisions in the status and more in shards', () => {
    const decisionsOf = (count: number) =>
      Array.from({ length: count }, (_, n) => {
        const [since, rule] = ['2026-01-01T00:00:00Z', 'Computed'];
        return { element: `e${n}`, name: 'limit', value: '64Mi', since, rule, input: '1' };
      });
    assert.equal(divideList(DECISIONS, decisionsOf(500), { owner: OWNER }).kept.entries?.length, 500);
    const { kept, shards } = divideList(DECISIONS, decisionsOf(501), { owner: OWNER });
    assert.deepEqual([kept.entries, kept.count, shards.size], [undefined, 501, 1]);
  });

  it('loses none and doubles none, whatever the number of shards was before', () => {
    const sizes = fc.integer({ min: 1001, max: 12_000 });
    fc.assert(
      fc.property(sizes, sizes, (before, now) => {
        const present = [...divide(entriesOf(before)).shards.keys()];
        const { shards } = divide(entriesOf(now), present);
        assert.deepEqual(sortEntries(INVENTORY, [...shards.values()].flat()), entriesOf(now));
        assert.ok([...shards.values()].every((entries) => JSON.stringify(entries).length < 600 * 1024));
      }),
      { numRuns: 20 },
    );
  });

  it('changes one shard for one new resource', () => {
    const before = divide(entriesOf(20_000));
    const after = divide(entriesOf(20_001), [...before.shards.keys()]);
    const changed = [...after.shards].filter(
      ([name, entries]) => entries.length !== before.shards.get(name)?.length,
    );
    assert.equal(changed.length, 1);
    assert.deepEqual([...after.shards.keys()], [...before.shards.keys()]);
  });

  it('has the same shards while an inventory swings around any size', () => {
    for (const size of [1500, 4000, 8000, 16_000]) {
      const first = [...divide(entriesOf(size)).shards.keys()];
      for (const other of [size - 200, size + 200])
        assert.deepEqual([...divide(entriesOf(other), first).shards.keys()], first);
    }
  });

  it('has shards of other names where it has another number of them', () => {
    const few = [...divide(entriesOf(1200)).shards.keys()];
    const many = [...divide(entriesOf(40_000), few).shards.keys()];
    assert.ok(many.length > few.length);
    assert.ok(few.every((name) => !many.includes(name)));
  });

  it('refuses what all shards together cannot hold', () => {
    const long = `${'n'.repeat(63)}_${'x'.repeat(700)}`;
    assert.throws(() => divide(entriesOf(200_000, long)), /200000 resources are too many to be kept/);
  }).timeout(20_000);
});

describe('readShardName', () => {
  it('knows the names of this very set and no others', () => {
    const place = { index: 3, of: 8 };
    const name = shardName(INVENTORY, OWNER, place);
    assert.deepEqual(readShardName(INVENTORY, OWNER, name), place);
    for (const [owner, other] of [
      [{ ...OWNER, uid: 'another' }, name],
      [OWNER, shardName(INVENTORY, { ...OWNER, uid: 'another' }, place)],
      [OWNER, name.replace('8-3', '8-8')],
      [OWNER, name.replace('8-3', '08-3')],
      [OWNER, name.replace('8-3', '512-3')],
      [OWNER, `${name}/../x`],
      [OWNER, 'kube-root-ca.crt'],
    ] as const)
      assert.equal(readShardName(INVENTORY, owner, other), undefined, other);
  });

  it('tells the shards of one list from those of the other', () => {
    const place = { index: 0, of: 2 };
    const names = [INVENTORY, DECISIONS].map((kind) => shardName(kind, OWNER, place));
    assert.notEqual(names[0], names[1]);
    assert.equal(readShardName(DECISIONS, OWNER, names[0] ?? ''), undefined);
    assert.deepEqual(readShardName(DECISIONS, OWNER, names[1] ?? ''), place);
  });

  it('gives names that Kubernetes takes, also for long ones', () => {
    const name = shardName(
      INVENTORY,
      { name: `${'a'.repeat(39)}.${'b'.repeat(23)}`, uid: 'u' },
      { index: 0, of: 1 },
    );
    assert.match(name, new RegExp(NAME_PATTERN));
    assert.ok(name.length <= 253);
  });
});
