import assert from 'node:assert/strict';
import type { Change } from '../plan/change.ts';
import type { State } from '../plan/state.ts';
import { createMemoryTarget } from './memory-target.ts';

const signal = new AbortController().signal;
const NEXT: State = { version: 1, inventory: [], deletions: [] };

describe('createMemoryTarget', () => {
  const target = createMemoryTarget('a test');

  async function deliver(...changes: Partial<Change>[]): Promise<void> {
    const previous = await target.read(signal);
    const plan = { changes: changes as Change[], digest: 'sha256:0' };
    await target.deliver({ plan, next: NEXT, previous, message: '' }, signal);
  }

  it('is empty and remembers nothing at first', async () => {
    const { state, compare } = await target.read(signal);
    assert.equal(state, undefined);
    assert.equal(compare('a.yaml', 'x'), 'absent');
  });

  it('has what was delivered, and what an earlier reading saw stays as it was', async () => {
    const before = await target.read(signal);
    await deliver(
      { action: 'created', path: 'a.yaml', after: 'a' },
      { action: 'created', path: 'b.yaml', after: 'b' },
      { action: 'skipped', path: 'c.yaml', after: 'c' },
    );
    const { compare, read, state } = await target.read(signal);
    assert.deepEqual(
      ['a', 'x'].map((text) => compare('a.yaml', text)),
      ['same', 'different'],
    );
    assert.deepEqual(await read(['b.yaml', 'c.yaml'], signal), new Map([['b.yaml', 'b']]));
    assert.equal(state, NEXT);
    assert.equal(before.compare('a.yaml', 'a'), 'absent');
  });

  it('changes and removes files', async () => {
    await deliver(
      { action: 'configured', path: 'a.yaml', before: 'a', after: 'A' },
      { action: 'deleted', path: 'b.yaml', before: 'b' },
    );
    const { compare } = await target.read(signal);
    assert.deepEqual([compare('a.yaml', 'A'), compare('b.yaml', 'b')], ['same', 'absent']);
  });
});
