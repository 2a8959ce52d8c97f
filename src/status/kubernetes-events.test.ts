import assert from 'node:assert/strict';
import { EventCounter } from './kubernetes-events.ts';
import type { SetMetadata } from './set-identity.ts';

const SET: SetMetadata = {
  namespace: 'flux-system',
  name: 'podinfo',
  uid: 'u1',
  resourceVersion: '7',
  generation: 1,
  annotations: {},
  isDeleting: false,
};
const EVENT = { severity: 'error', reason: 'BuildFailed', message: 'no' } as const;
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const newCounter = (random = Math.random) => new EventCounter({ random, mayMake: () => true });

describe('EventCounter', () => {
  it('gives the same event to be written once a minute, with all that came in between', () => {
    const counter = newCounter(() => 0.5);
    const first = counter.count(SET, EVENT, at(0));
    assert.equal(first?.count, 1);
    // Not written yet: the write that waits says it.
    assert.equal(counter.count(SET, EVENT, at(1)), undefined);
    first.writtenAt = at(1).getTime();
    for (let second = 2; second <= 60; second++)
      assert.equal(counter.count(SET, EVENT, at(second)), undefined);
    const again = counter.count(SET, EVENT, at(61));
    assert.equal(again, first);
    assert.deepEqual([again?.count, again?.last, again?.first], [62, at(61), at(0)]);
  });

  it('begins anew after ten minutes without it, and for another set, reason, message or severity', () => {
    const counter = newCounter();
    const first = counter.count(SET, EVENT, at(0));
    const others = [
      counter.count({ ...SET, uid: 'u2' }, EVENT, at(1)),
      counter.count(SET, { ...EVENT, reason: 'PruneFailed' }, at(1)),
      counter.count(SET, { ...EVENT, message: 'else' }, at(1)),
      counter.count(SET, { ...EVENT, severity: 'info' }, at(1)),
      counter.count(SET, EVENT, at(600)),
    ];
    assert.equal(new Set([first, ...others].map((counted) => counted?.name)).size, 6);
    assert.ok(others.every((counted) => counted?.count === 1));
  });

  it('remembers no more than 4,096 events', () => {
    const counter = newCounter();
    counter.count(SET, EVENT, at(0));
    for (let n = 0; n < 4096; n++) counter.count(SET, { ...EVENT, message: `${n}` }, at(1));
    assert.equal(counter.count(SET, EVENT, at(2))?.count, 1);
  });

  it('keeps of an event no more than is written', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(100_000) };
    const long = { ...EVENT, message: 'y'.repeat(39_000), metadata: { revision: 'z'.repeat(10_000) } };
    const counter = newCounter();
    const counted = counter.count({ ...SET, annotations }, long, at(0));
    assert.ok(JSON.stringify(counted).length < 2000);
    assert.equal(counter.count(SET, { ...long, message: `${long.message}!` }, at(0))?.count, 1, 'told apart');
  });

  it('asks before each new event and before no count, and forgets one that may not be made', () => {
    const asked: string[] = [];
    let isFree = true;
    const mayMake = ({ uid }: SetMetadata) => {
      asked.push(uid);
      return isFree;
    };
    const counter = new EventCounter({ random: Math.random, mayMake });
    assert.equal(counter.count(SET, EVENT, at(0))?.count, 1);
    isFree = false;
    assert.equal(counter.count(SET, EVENT, at(1)), undefined);
    assert.deepEqual(asked, ['u1']);
    const other = { ...EVENT, message: 'else' };
    assert.equal(counter.count({ ...SET, uid: 'u2' }, other, at(2)), undefined);
    assert.equal(counter.count(SET, EVENT, at(601)), undefined);
    assert.deepEqual(asked, ['u1', 'u2', 'u1']);
    isFree = true;
    assert.equal(counter.count({ ...SET, uid: 'u2' }, other, at(602))?.count, 1);
  });

  it('gives names that Kubernetes takes', () => {
    const counter = newCounter(() => 0);
    assert.equal(counter.newName(SET), 'podinfo.0000000000000');
  });
});
