import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NAME_PATTERN } from '../api/patterns.ts';
import { digestOfEntries, type StatusEntry, sortEntries } from './inventory.ts';
import { readShardName, shardName, storeInventory } from './inventory-shards.ts';

const OWNER = { name: 'podinfo', uid: '7d1b9c1e-0000-4000-8000-000000000001' };

function entriesOf(count: number, prefix = 'team_application-'): StatusEntry[] {
  return sortEntries(
    Array.from({ length: count }, (_, n) => ({ id: `${prefix}${n}_apps_Deployment`, v: 'v1' })),
  );
}

describe('storeInventory', () => {
  it('keeps up to 1,000 resources in the status and more in shards', () => {
    const small = storeInventory(OWNER, entriesOf(1000));
    assert.equal(small.inventory.entries?.length, 1000);
    assert.equal(small.shards.size, 0);
    const large = storeInventory(OWNER, entriesOf(1001));
    assert.equal(large.inventory.entries, undefined);
    assert.equal(large.inventory.count, 1001);
    assert.equal(large.inventory.digest, digestOfEntries(entriesOf(1001)));
    assert.deepEqual(large.inventory.shards, [...large.shards.keys()]);
  });

  it('takes resources with very long names out of the status earlier', () => {
    const { inventory } = storeInventory(OWNER, entriesOf(600, `${'n'.repeat(63)}_${'x'.repeat(250)}`));
    assert.equal(inventory.entries, undefined);
  });

  it('loses none and doubles none, whatever the number of shards was before', () => {
    const sizes = fc.integer({ min: 1001, max: 12_000 });
    fc.assert(
      fc.property(sizes, sizes, (before, now) => {
        const present = [...storeInventory(OWNER, entriesOf(before)).shards.keys()];
        const { shards } = storeInventory(OWNER, entriesOf(now), present);
        assert.deepEqual(sortEntries([...shards.values()].flat()), entriesOf(now));
        assert.ok([...shards.values()].every((entries) => JSON.stringify(entries).length < 600 * 1024));
      }),
      { numRuns: 20 },
    );
  });

  it('changes one shard for one new resource', () => {
    const before = storeInventory(OWNER, entriesOf(20_000));
    const after = storeInventory(OWNER, entriesOf(20_001), [...before.shards.keys()]);
    const changed = [...after.shards].filter(
      ([name, entries]) => entries.length !== before.shards.get(name)?.length,
    );
    assert.equal(changed.length, 1);
    assert.deepEqual([...after.shards.keys()], [...before.shards.keys()]);
  });

  it('has the same shards while an inventory swings around any size', () => {
    for (const size of [1500, 4000, 8000, 16_000]) {
      const first = [...storeInventory(OWNER, entriesOf(size)).shards.keys()];
      for (const other of [size - 200, size + 200])
        assert.deepEqual([...storeInventory(OWNER, entriesOf(other), first).shards.keys()], first);
    }
  });

  it('has shards of other names where it has another number of them', () => {
    const few = [...storeInventory(OWNER, entriesOf(1200)).shards.keys()];
    const many = [...storeInventory(OWNER, entriesOf(40_000), few).shards.keys()];
    assert.ok(many.length > few.length);
    assert.ok(few.every((name) => !many.includes(name)));
  });

  it('refuses what all shards together cannot hold', () => {
    const long = `${'n'.repeat(63)}_${'x'.repeat(700)}`;
    assert.throws(() => storeInventory(OWNER, entriesOf(200_000, long)), /200000 resources is too large/);
  }).timeout(20_000);
});

describe('readShardName', () => {
  it('knows the names of this very set and no others', () => {
    const place = { index: 3, of: 8 };
    const name = shardName(OWNER, place);
    assert.deepEqual(readShardName(OWNER, name), place);
    for (const [owner, other] of [
      [{ ...OWNER, uid: 'another' }, name],
      [OWNER, shardName({ ...OWNER, uid: 'another' }, place)],
      [OWNER, name.replace('8-3', '8-8')],
      [OWNER, name.replace('8-3', '08-3')],
      [OWNER, name.replace('8-3', '512-3')],
      [OWNER, `${name}/../x`],
      [OWNER, 'kube-root-ca.crt'],
    ] as const)
      assert.equal(readShardName(owner, other), undefined, other);
  });

  it('gives names that Kubernetes takes, also for long ones', () => {
    const name = shardName({ name: `${'a'.repeat(39)}.${'b'.repeat(23)}`, uid: 'u' }, { index: 0, of: 1 });
    assert.match(name, new RegExp(NAME_PATTERN));
    assert.ok(name.length <= 253);
  });
});
