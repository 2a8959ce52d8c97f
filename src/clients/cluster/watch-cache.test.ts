import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CompleteList, WatchCache } from './watch-cache.ts';

type Change = [key: string, before: string | undefined, after: string | undefined];

function create(): { cache: WatchCache<string>; told: Change[] } {
  const told: Change[] = [];
  const cache = new WatchCache<string>(
    (version) => version,
    (...change) => told.push(change),
  );
  return { cache, told };
}

const nothing: ReadonlySet<string> = new Set();

function list(resourceVersion: string, items: Record<string, string>): CompleteList<string> {
  return { resourceVersion, items: new Map(Object.entries(items)) };
}

describe('WatchCache', () => {
  it('tells what each event changes', () => {
    const { cache, told } = create();
    cache.store('a', '1', '1');
    cache.store('a', '2', '2');
    cache.store('a', '2', '2');
    cache.store('a', undefined, '3');
    cache.store('a', undefined, '4');
    assert.deepEqual(told, [
      ['a', undefined, '1'],
      ['a', '1', '2'],
      ['a', '2', undefined],
    ]);
    assert.equal(cache.size, 0);
  });

  it('takes versions that cannot be compared as they come', () => {
    const { cache, told } = create();
    for (const version of ['y', 'x', 'z']) cache.store('a', version, version);
    assert.deepEqual(
      told.map(([, , after]) => after),
      ['y', 'x', 'z'],
    );
  });

  it('knows what was written before the event comes, and tells nobody', () => {
    const { cache, told } = create();
    cache.store('a', '1', '1');
    assert.equal(cache.note('a', '5'), true);
    assert.equal(cache.get('a'), '5');
    for (const version of ['3', '5']) cache.store('a', version, version);
    assert.deepEqual(told.slice(1), []);
    cache.store('a', '6', '6');
    assert.deepEqual(told.slice(1), [['a', '5', '6']]);
  });

  for (const [name, known, noted] of [
    ['is older', '5', '4'],
    ['is the same', '5', '5'],
    ['cannot be compared', '5', 'x'],
  ] as const) {
    it(`ignores an answer that ${name}`, () => {
      const { cache } = create();
      cache.store('a', known, known);
      assert.equal(cache.note('a', noted), false);
      assert.equal(cache.get('a'), known);
    });
  }

  it('brings nothing back that was deleted before the answer to its write came', () => {
    const { cache } = create();
    cache.store('a', '1', '1');
    cache.store('a', undefined, '3');
    assert.equal(cache.note('a', '2'), false);
    assert.equal(cache.get('a'), undefined);
  });

  it('brings nothing back that was noted as deleted, and sees when it is made anew', () => {
    const { cache, told } = create();
    cache.store('a', '3', '3');
    cache.note('a', undefined);
    cache.store('a', '2', '2');
    cache.store('a', '3', '3');
    assert.equal(cache.get('a'), undefined);
    cache.store('a', undefined, '4');
    assert.equal(told.length, 1);
    cache.store('a', '5', '5');
    assert.deepEqual(told.slice(1), [['a', undefined, '5']]);
  });

  it('takes a complete list for the world', () => {
    const { cache, told } = create();
    for (const key of ['a', 'b', 'c']) cache.store(key, '1', '1');
    cache.replace(list('3', { b: '1', c: '2', d: '3' }), nothing, false);
    assert.deepEqual(told.slice(3), [
      ['c', '1', '2'],
      ['d', undefined, '3'],
      ['a', '1', undefined],
    ]);
  });

  it('keeps of a list what is newer than what was noted while it was read, and the other way', () => {
    const { cache } = create();
    for (const key of ['a', 'b', 'c']) cache.store(key, '1', '1');
    const record = cache.record();
    cache.note('a', '9');
    cache.note('b', '3');
    cache.note('c', undefined);
    cache.note('d', '8');
    cache.replace(list('6', { a: '5', b: '5', c: '1' }), record.touched, false);
    record.close();
    assert.deepEqual(Object.fromEntries(cache.entries()), { a: '9', b: '5', d: '8' });
  });

  for (const [what, noted, version, isKept] of [
    ['drops what was noted while a list was read that is newer and lacks it', '100', '105', false],
    ['drops what was noted at the version of a list that lacks it', '105', '105', false],
    ['keeps what was noted after the version of a list that lacks it', '106', '105', true],
    ['keeps what was noted while a list was read that cannot be compared', 'x', '105', true],
  ] as const) {
    it(what, () => {
      const { cache, told } = create();
      const record = cache.record();
      cache.note('a', noted);
      assert.deepEqual(cache.vanished(list(version, {}), record.touched), isKept ? [] : ['a']);
      cache.replace(list(version, {}), record.touched, false);
      assert.equal(cache.get('a'), isKept ? noted : undefined);
      assert.deepEqual(told, isKept ? [] : [['a', noted, undefined]]);
    });
  }

  it('gives way wholly to another history', () => {
    const { cache, told } = create();
    cache.store('a', '9', '9');
    cache.store('b', '8', '8');
    cache.replace(list('3', { a: '3' }), nothing, true);
    assert.deepEqual(told.slice(2), [
      ['a', '9', '3'],
      ['b', '8', undefined],
    ]);
    cache.store('a', '4', '4');
    assert.equal(cache.get('a'), '4');
  });

  it('records what changes only while it is asked to', () => {
    const { cache } = create();
    const record = cache.record();
    cache.store('a', '1', '1');
    record.close();
    cache.store('b', '2', '2');
    assert.deepEqual([...record.touched], ['a']);
  });

  it('records anew from where a record is restarted', () => {
    const { cache } = create();
    const record = cache.record();
    cache.store('a', '1', '1');
    record.restart();
    cache.store('b', '2', '2');
    assert.deepEqual([...record.touched], ['b']);
  });

  it('ends with the truth however answers and events overtake each other', () => {
    const write = fc.record({
      key: fc.constantFrom('a', 'b'),
      isDeletion: fc.boolean(),
      isOurs: fc.boolean(),
      wait: fc.nat(6),
    });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        const { cache, told } = create();
        const truth = new Map<string, string>();
        const due: { at: number; act(): void }[] = [];
        writes.forEach(({ key, isDeletion, isOurs, wait }, i) => {
          const version = String(i + 1);
          const item = isDeletion ? undefined : version;
          if (item === undefined) truth.delete(key);
          else truth.set(key, item);
          // Answers come at any time after the write; events in order, three writes late.
          if (isOurs && item !== undefined) due.push({ at: i + wait, act: () => cache.note(key, item) });
          due.push({ at: i + 3, act: () => cache.store(key, item, version) });
        });
        for (const { act } of due.sort((one, other) => one.at - other.at)) act();
        assert.deepEqual(new Map([...cache.entries()].sort()), new Map([...truth].sort()));
        for (const [, before, after] of told) assert.ok(!before || !after || Number(before) < Number(after));
      }),
    );
  });
});
