import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  lateWrites,
  SimulatedElection,
  type SimulatedProcess,
} from '../../test/harness/simulated-election.ts';
import { NotLeaderError } from '../clients/cluster/cluster-client.ts';
import type { JsonObject } from '../lib/json.ts';
import { LeaseElector } from './lease-elector.ts';
import { LEASE_TIMING } from './lease-timing.ts';

const { leaseDuration, renewDeadline, retryPeriod } = LEASE_TIMING;
const MINUTE = 60_000;

/** Milliseconds until a released Lease is taken: a poll of a candidate at its latest, and its requests. */
const HANDOVER = retryPeriod * 2.2 + 5000;

function specOf(world: SimulatedElection): JsonObject {
  return (world.lease as JsonObject)['spec'] as JsonObject;
}

function leadersOf(world: SimulatedElection): SimulatedProcess[] {
  return world.processes.filter((process) => process.leads);
}

async function electOne(processes = 1): Promise<{ world: SimulatedElection; leader: SimulatedProcess }> {
  const world = new SimulatedElection(() => 0.5);
  for (let count = 0; count < processes; count++) world.start();
  await world.runUntil(MINUTE);
  const [leader, ...others] = leadersOf(world);
  assert.ok(leader && others.length === 0);
  return { world, leader };
}

describe('the leader election', () => {
  it('makes the first candidate the leader at once where there is no lease', async () => {
    const world = new SimulatedElection(() => 0.5);
    const first = world.start();
    await world.runUntil(2000);
    assert.ok(first.leads);
    const { acquireTime, renewTime, ...spec } = specOf(world);
    assert.deepEqual(spec, { holderIdentity: 'p0', leaseDurationSeconds: 35, leaseTransitions: 0 });
    for (const time of [acquireTime, renewTime]) assert.match(String(time), /^\d{4}-.*T.*\.\d{6}Z$/);
  });

  it('renews with one request, and keeps the time of acquisition and the number', async () => {
    const { world } = await electOne(3);
    const before = { ...specOf(world) };
    const version = (world.lease as JsonObject)['metadata'] as JsonObject;
    await world.runUntil(2 * MINUTE);
    const { renewTime, ...rest } = specOf(world);
    assert.notEqual(renewTime, before['renewTime']);
    const { renewTime: _, ...kept } = before;
    assert.deepEqual(rest, kept);
    const now = (world.lease as JsonObject)['metadata'] as JsonObject;
    const renewals = Number(now['resourceVersion']) - Number(version['resourceVersion']);
    assert.ok(renewals >= 9 && renewals <= 12, `${renewals} renewals in a minute`);
  });

  it('opens the fence to the leader alone, for the renew deadline from the start of the renewal', async () => {
    const { world, leader } = await electOne(2);
    const left = leader.elector.fence();
    assert.ok(left > renewDeadline - retryPeriod - 4000 && left < renewDeadline, `${left} ms`);
    const other = world.processes.find((process) => process !== leader) as SimulatedProcess;
    assert.throws(() => other.elector.fence(), NotLeaderError);
  });

  it('closes the fence by the clock alone, though nothing of the process has run', async () => {
    const { world, leader } = await electOne();
    leader.pausedUntil = world.time + 10 * MINUTE;
    const left = leader.elector.fence();
    world.time += left - 1;
    assert.equal(leader.elector.fence(), 1);
    world.time += 1;
    assert.throws(() => leader.elector.fence(), NotLeaderError);
    assert.ok(leader.leads, 'the process could not have noticed');
  });

  it('gives the leadership up when a paused process goes on too late', async () => {
    const { world, leader } = await electOne(2);
    leader.pausedUntil = world.time + MINUTE;
    await world.runUntil(world.time + 2 * MINUTE);
    const [next] = leadersOf(world);
    assert.ok(next && next !== leader);
    assert.equal(next.elector.transitions, 1);
  });

  it('hands over within a poll when the leader releases the lease', async () => {
    const { world, leader } = await electOne(2);
    leader.stop.abort();
    await world.runUntil(world.time + HANDOVER);
    assert.equal(await leader.ended, 'stopped');
    const [next] = leadersOf(world);
    assert.ok(next && next !== leader);
    assert.equal(specOf(world)['leaseTransitions'], 1);
  });

  it('names nobody in a released lease, for one second, after the fence is closed', async () => {
    const { world, leader } = await electOne();
    leader.stop.abort();
    await new Promise(setImmediate);
    assert.throws(() => leader.elector.fence(), NotLeaderError);
    assert.equal(specOf(world)['holderIdentity'], leader.identity, 'not released before');
    await world.runUntil(world.time + 5000);
    const { holderIdentity, leaseDurationSeconds } = specOf(world);
    assert.deepEqual([holderIdentity, leaseDurationSeconds], ['', 1]);
  });

  it('waits out the lease of a leader that is gone', async () => {
    const { world, leader } = await electOne(2);
    leader.killed = true;
    leader.leads = false;
    await world.runUntil(world.time + leaseDuration - retryPeriod - 4000);
    assert.equal(leadersOf(world).length, 0);
    await world.runUntil(world.time + retryPeriod + 2 * HANDOVER);
    assert.equal(leadersOf(world).length, 1);
  });

  it('keeps leading through an outage shorter than the deadline, and through an edit of its lease', async () => {
    const { world, leader } = await electOne(2);
    world.downUntil = world.time + 20_000;
    await world.runUntil(world.time + 25_000);
    world.edit({ ...specOf(world), note: 'edited' });
    await world.runUntil(world.time + 2 * MINUTE);
    assert.deepEqual(leadersOf(world), [leader]);
    assert.equal(leader.reigns, 1);
    assert.equal(specOf(world)['note'], 'edited');
  });

  const edits: [string, (spec: JsonObject, other: string) => JsonObject][] = [
    ['a stranger', (spec) => ({ ...spec, holderIdentity: 'stranger' })],
    ['another candidate', (spec, other) => ({ ...spec, holderIdentity: other })],
    ['nobody', (spec) => ({ ...spec, holderIdentity: '' })],
    ['nothing at all', () => ({})],
    [
      'nonsense',
      () => ({ holderIdentity: 5, leaseDurationSeconds: -1, leaseTransitions: 'x', renewTime: [] }),
    ],
    [
      'another for 300 years',
      (spec) => ({ ...spec, holderIdentity: 'x', leaseDurationSeconds: 9_999_999_999 }),
    ],
  ];
  for (const [what, edit] of edits) {
    it(`ends at a lease that names ${what} by hand, and waits before anybody leads`, async () => {
      const { world, leader } = await electOne(2);
      const other = world.processes.find((process) => process !== leader) as SimulatedProcess;
      const at = world.time;
      world.edit(edit(specOf(world), other.identity));
      await world.runUntil(at + retryPeriod + 6000);
      assert.deepEqual(leadersOf(world), []);
      await world.runUntil(at + renewDeadline);
      assert.deepEqual(leadersOf(world), []);
      // A lease asks for an hour of patience at most.
      await world.runUntil(at + 61 * MINUTE);
      assert.equal(leadersOf(world).length, 1);
      assert.deepEqual(lateWrites(world.writes), []);
    });
  }

  it('makes a deleted lease anew, with its number', async () => {
    const { world, leader } = await electOne(3);
    leader.killed = true;
    leader.leads = false;
    await world.runUntil(world.time + MINUTE);
    const [second] = leadersOf(world);
    world.lease = undefined;
    await world.runUntil(world.time + MINUTE);
    assert.deepEqual(leadersOf(world), [second]);
    assert.equal(specOf(world)['leaseTransitions'], 1);
  });

  it('does not take what seems free while the leader of a deleted lease may go on', async () => {
    const { world, leader } = await electOne(2);
    leader.cutUntil = world.time + 5 * MINUTE;
    world.lease = undefined;
    await world.runUntil(world.time + renewDeadline);
    assert.ok(leadersOf(world).every((process) => process === leader));
    await world.runUntil(world.time + MINUTE);
    assert.ok(leadersOf(world).some((process) => process !== leader));
    assert.deepEqual(lateWrites(world.writes), []);
  });

  it('goes on where the answer to its claim was lost', async () => {
    const world = new SimulatedElection(() => 0.5);
    const process = world.start();
    world.at(1, () => {
      // The claim is on its way: the server gets it, and the answer does not come back.
      world.at(world.time + 260, () => {
        process.cutUntil = world.time + 4000;
      });
    });
    await world.runUntil(20_000);
    assert.ok(process.leads);
    assert.equal(specOf(world)['leaseTransitions'], 0);
  });

  const refused: [string, Partial<typeof LEASE_TIMING>, RegExp][] = [
    [
      'a lease not longer than the deadline',
      { leaseDuration: renewDeadline },
      /lease duration .* renew deadline/,
    ],
    ['a deadline within 1.2 retry periods', { retryPeriod: renewDeadline / 1.2 }, /deadline .* 1\.2 times/],
    ['no retry period', { retryPeriod: 0 }, /longer than 0s/],
    ['a duration that is no number', { renewDeadline: Number.NaN }, /deadline/],
  ];
  for (const [what, timing, message] of refused) {
    it(`refuses ${what}`, () => {
      const options = { ...LEASE_TIMING, ...timing, identity: 'a' };
      assert.throws(() => new LeaseElector(options as never), { name: 'RangeError', message });
    });
  }

  it('refuses a candidate without an identity', () => {
    assert.throws(() => new LeaseElector({ ...LEASE_TIMING, identity: '' } as never), /needs an identity/);
  });

  describe('under any faults', function suite() {
    this.timeout(120_000);
    const who = fc.nat(2);
    const length = fc.integer({ min: 100, max: 90_000 });
    const faults = fc.oneof(
      fc.record({ kind: fc.constantFrom('pause', 'cut', 'down'), who, length }),
      fc.record({
        kind: fc.constantFrom('stop', 'kill', 'stranger', 'other', 'nobody', 'touch'),
        who,
        length,
      }),
    );
    const schedule = fc.array(fc.tuple(fc.integer({ min: 0, max: 300_000 }), faults), { maxLength: 12 });

    it('never lets an old leader write after a new one, and always finds a new one', async () => {
      await fc.assert(
        fc.asyncProperty(schedule, fc.integer(), fc.boolean(), async (plan, seed, deletes) => {
          const world = new SimulatedElection(seededRandom(seed));
          for (let count = 0; count < 3; count++) world.start();
          for (const [at, fault] of plan) world.at(at, () => strike(world, fault, deletes));
          await world.runUntil(20 * MINUTE);
          assert.deepEqual(lateWrites(world.writes), []);
          assert.equal(leadersOf(world).length, 1, 'one leads at last');
        }),
        // Always the same elections here, others with each long proof.
        process.env['SOAK']
          ? { numRuns: 2000 }
          : { numRuns: 150, seed: 20_261_122, examples: [STOPPED_WITH_A_WRITE] },
      );
    });
  });
});

/** A leader that is stopped while a write of it is under way: the Lease must wait for that. */
const STOPPED_WITH_A_WRITE: [[number, Fault][], number, boolean] = [
  [
    [92_523, { kind: 'stop', who: 1, length: 100 }],
    [6968, { kind: 'other', who: 1, length: 100 }],
    [39_888, { kind: 'stranger', who: 0, length: 100 }],
    [40_440, { kind: 'cut', who: 0, length: 16_512 }],
  ],
  798_598_707,
  false,
];

interface Fault {
  readonly kind: string;
  readonly who: number;
  readonly length: number;
}

/** Mulberry32: as random as a simulation needs, and the same again for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A Lease is deleted only where no process is new: one that never saw it cannot know that there was one, and this is
 * why nobody should delete it.
 */
function strike(world: SimulatedElection, { kind, who, length }: Fault, deletes: boolean): void {
  const alive = world.processes.filter((process) => !process.killed && !process.isDraining);
  const victim = alive[who % alive.length] as SimulatedProcess;
  const until = world.time + length;
  if (kind === 'pause') victim.pausedUntil = until;
  else if (kind === 'cut') victim.cutUntil = until;
  else if (kind === 'down') world.downUntil = until;
  else if (kind === 'stop' || kind === 'kill') {
    if (!deletes) replace(world, victim, kind);
    else if (alive.every(({ elector }) => elector.holder !== '')) world.lease = undefined;
  } else if (world.lease) world.edit({ ...specOf(world), ...editOf(kind, victim) });
}

function replace(world: SimulatedElection, victim: SimulatedProcess, kind: 'stop' | 'kill'): void {
  if (kind === 'stop') victim.drain();
  else {
    victim.killed = true;
    victim.leads = false;
  }
  world.start();
}

function editOf(kind: string, victim: SimulatedProcess): JsonObject {
  if (kind === 'touch') return { note: String(victim.reigns) };
  return { holderIdentity: kind === 'stranger' ? 'stranger' : kind === 'other' ? victim.identity : '' };
}
